# shellcheck shell=bash
# kit.bash - what the tests of the kit itself share.
KIT=$(cd "$BATS_TEST_DIRNAME/../.." && pwd)
: "${BUILD:=$KIT/build}"
bats_require_minimum_version 1.5.0

labs() { (cd "$KIT/labs" && echo [0-9][0-9]-*); }

# canonical [FILE-WITH-VARIES-LINES]: stdin as it may be compared. Pids, addresses and what the lab sheet says varies are
# masked; inside a scene the lines are put together by role, because two processes may legally be shown in another order.
canonical() {
	local script='s/\<pid [0-9]+/pid N/g; s/\<0x[0-9a-f]+/0xN/g' regexp
	[[ $# == 0 ]] || while IFS= read -r regexp; do
		script+="; s/$regexp/(varies)/g"
	done < <(sed -nE 's/^<!-- varies: (.*) -->$/\1/p' "$1")
	sed -E "$script" | awk '
		/^$/ { scene++; next }
		{ role = index($0, ": ") ? substr($0, 1, index($0, ": ") - 1) : "~"
		  if (headline != scene + 1) { role = " "; headline = scene + 1 }
		  printf "%03d %s\t%05d\t%s\n", scene, role, NR, $0 }' | sort | cut -f 3-
}

# left_by_labs: all that a run of a lab of this user could leave behind, one a line. The places' lock files stay.
left_by_labs() {
	local tmp=${TMPDIR:-/tmp}
	ls -d /dev/shm/*ipclab-* /dev/mqueue/*ipclab-* "$tmp"/ipclab-*-* 2>/dev/null
	tail -n +2 /proc/sysvipc/shm | awk '{print "shm", $2}'
	tail -n +2 /proc/sysvipc/sem | awk '{print "sem", $2}'
	tail -n +2 /proc/sysvipc/msg | awk '{print "msg", $2}'
	pgrep -a -f "$BUILD/[0-9][0-9]-" || :
}
