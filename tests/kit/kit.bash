# shellcheck shell=bash
# kit.bash - what the tests of the kit itself share.
KIT=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
: "${BUILD:=$KIT/build}"
[[ -z ${BATS_TEST_DIRNAME:-} ]] || bats_require_minimum_version 1.5.0

labs() { (cd "$KIT/labs" && echo [0-9][0-9]-*); }

# canonical [FILE-WITH-VARIES-LINES]: stdin as it may be compared. Pids, addresses and what the lab sheet says varies are
# masked; inside a scene the lines are put together by role, because two processes may legally be shown in another order.
canonical() {
	local script='s/\<(pid|fd) [0-9]+/\1 N/g; s/\<0x[0-9a-f]+/0xN/g' regexp
	[[ $# == 0 ]] || while IFS= read -r regexp; do
		script+="; s/$regexp/(varies)/g"
	done < <(sed -nE 's/^<!-- varies: (.*) -->$/\1/p' "$1")
	sed -E "$script" | awk '
		/^$/ { scene++; next }
		{ role = index($0, ": ") ? substr($0, 1, index($0, ": ") - 1) : "~"
		  if (headline != scene + 1) { role = " "; headline = scene + 1 }
		  printf "%03d %s\t%05d\t%s\n", scene, role, NR, $0 }' | sort | cut -f 3-
}

# own_names: names that no other run has, and a TMPDIR of our own: what is left there is ours.
own_names() {
	export PX_IPC_NAME=/ipctest-$$-$RANDOM$RANDOM- TMPDIR=$BATS_TEST_TMPDIR/tmp
	mkdir -p "$TMPDIR"
}

# alone FUNCTION ARG...: run a function of this file where only its own System V objects are to be seen, if this machine
# lets us.
alone() {
	local how=(unshare --ipc)
	"${how[@]}" true 2>/dev/null || how=(unshare --user --map-root-user --ipc)
	"${how[@]}" true 2>/dev/null || how=()
	# shellcheck disable=SC2016
	BUILD=$BUILD "${how[@]}" bash -c '. "$0"; "$@"' "$KIT/tests/kit/kit.bash" "$@"
}

# left_here: every object and file with our names, every process with our programs, one a line. Inside of "alone".
left_here() {
	local exe
	ls -d /dev/shm/*"${PX_IPC_NAME#/}"* /dev/mqueue/*"${PX_IPC_NAME#/}"* "$TMPDIR"/* 2>/dev/null
	tail -qn +2 /proc/sysvipc/shm /proc/sysvipc/sem /proc/sysvipc/msg | awk '{print "System V", $1, $2}'
	find /proc/[0-9]*/exe -lname "$BUILD/*" 2>/dev/null | while read -r exe; do
		tr '\0' '\n' <"${exe%exe}environ" | grep -qxF "PX_IPC_NAME=$PX_IPC_NAME" && echo "process $exe"
	done 2>/dev/null
	return 0
}

# list_leftovers: run each lab, and list what it left.
list_leftovers() {
	local lab
	for lab in $(labs); do
		bash "$KIT/labs/$lab/demo.sh" >/dev/null 2>&1 || echo "$lab: status $?"
		left_here | sed "s/^/$lab left /"
	done
}

# interrupt SIGNAL ROUNDS: start each lab so many times, and send its process group the signal at a random moment; after a
# SIGKILL run it once more, undisturbed. Prints what is left.
interrupt() {
	local lab pid round left i
	set -m # a process group for each
	for lab in $(labs); do
		for ((round = 0; round < $2; round++)); do
			bash "$KIT/labs/$lab/demo.sh" >/dev/null 2>&1 </dev/null &
			pid=$!
			for ((i = RANDOM % 300; i > 0; i--)); do kill -0 "$pid" 2>/dev/null || break; done
			kill -s "$1" -- "-$pid" 2>/dev/null
			wait "$pid" 2>/dev/null
			while pgrep -g "$pid" >/dev/null; do :; done # those of the group that outlive its leader
			[[ $1 != KILL ]] || bash "$KIT/labs/$lab/demo.sh" >/dev/null 2>"$TMPDIR.err" ||
				echo "$lab: after a SIGKILL: $(<"$TMPDIR.err")"
			left=$(left_here)
			[[ -z $left ]] || { echo "$lab, round $round, left: $left" && return; }
		done
	done
}
