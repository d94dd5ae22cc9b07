#!/usr/bin/env bats
# Every lab ends by itself with status 0, tells the same story and leaves nothing, wherever and however it is run.
load kit

setup() { own_names; }

# The story of lab $1, run by the command given; fails with what is left, and on any other status than 0.
story() {
	local lab=$1
	shift
	run -0 "$@" bash "$KIT/labs/$lab/demo.sh"
	canonical "$KIT/labs/$lab/README.md" <<<"$output"
}

# Each lab by the command given tells what it tells when run plainly.
same_story() {
	local lab
	for lab in $(labs); do
		story "$lab" env >"$BATS_TEST_TMPDIR/plain"
		story "$lab" "$@" >"$BATS_TEST_TMPDIR/other"
		diff "$BATS_TEST_TMPDIR/plain" "$BATS_TEST_TMPDIR/other" || { echo "$lab tells another story: $*" && return 1; }
	done
}

@test "nothing is left: no object, no file, no process" {
	run -0 alone list_leftovers
	[[ -z $output ]]
}

@test "the list of what is left sees a file, a shared memory object, a System V segment and a process" {
	: >"$TMPDIR/a-file"
	: >"/dev/shm/${PX_IPC_NAME#/}object"
	show_all() {
		ipcmk -M 100 >/dev/null
		"$BUILD/kit-tail" -f /dev/null &
		while [[ $(readlink "/proc/$!/exe") != "$BUILD"/* ]]; do :; done
		left_here
		kill $!
		ipcrm --all
	}
	cp "$(type -P tail)" "$BUILD/kit-tail"
	export -f show_all
	run alone show_all
	rm "/dev/shm/${PX_IPC_NAME#/}object" "$BUILD/kit-tail"
	echo "$output"
	[[ $output == *a-file* && $output == *object* && $output == *'System V'* && $output == *'process '* ]]
}

@test "on one core" { same_story taskset -c 0; }

@test "with SIGPIPE and SIGCHLD ignored by whoever starts it" { same_story env --ignore-signal=PIPE --ignore-signal=CHLD; }

@test "from another directory, with stdin closed" {
	cd /
	same_story bash -c 'exec "$@" <&-' bash
}

@test "under load, twice at once" {
	local lab i burners=() bad=0
	for i in 1 2 3 4; do
		while :; do :; done 3>&- &
		burners+=($!)
	done
	for lab in $(labs); do
		unset PX_IPC_NAME TMPDIR # places of their own are a part of this
		bash "$KIT/labs/$lab/demo.sh" >"$BATS_TEST_TMPDIR/1" 2>&1 3>&- &
		bash "$KIT/labs/$lab/demo.sh" >"$BATS_TEST_TMPDIR/2" 2>&1 3>&- || bad=1
		wait $! || bad=1
		diff <(canonical "$KIT/labs/$lab/README.md" <"$BATS_TEST_TMPDIR/1") \
			<(canonical "$KIT/labs/$lab/README.md" <"$BATS_TEST_TMPDIR/2") || bad=1
		[[ $bad == 0 ]] || { echo "$lab" && cat "$BATS_TEST_TMPDIR/1" && break; }
	done
	kill "${burners[@]}"
	[[ $bad == 0 ]]
}

@test "as an ordinary user" {
	[[ $(id -u) == 0 ]] || skip 'we are one'
	local copy
	copy=$(mktemp -d /tmp/ipclab-user.XXXXXX)
	cp -r "$KIT/labs" "$KIT/common" "$KIT/Makefile" "$copy"
	chmod -R a+rX "$copy"
	chown -R nobody "$copy"
	run su nobody -s /bin/bash -c "unset PX_IPC_NAME TMPDIR BUILD; cd '$copy' && make -s labs"
	rm -rf "$copy"
	echo "$output"
	[[ $status == 0 && $output == *'reader: read 0 bytes: end of file'* ]]
}

@test "as process 1 of a container" {
	local how=(unshare --pid --fork --mount-proc)
	"${how[@]}" true 2>/dev/null || how=(unshare --user --map-root-user --pid --fork --mount-proc)
	"${how[@]}" true 2>/dev/null || skip 'this machine refuses a pid namespace'
	local program
	for program in "$BUILD"/0[1-5]*/* "$BUILD"/0[89]*/*; do
		[[ -x $program ]] || continue
		run -0 "${how[@]}" "$program"
	done
}

@test "every program says which arguments it takes, and ends with status 2" {
	local program
	for program in "$BUILD"/0[1-9]*/*; do
		[[ -x $program && $program != *.d && $program != */eof && $program != */client ]] || continue
		run -2 --separate-stderr "$program" one two three
		# shellcheck disable=SC2154
		[[ $stderr == 'usage: '* && $(wc -l <<<"$stderr") == 1 ]] || { echo "$program: $stderr" && return 1; }
	done
}
