#!/usr/bin/env bats
# make trace-N: the pictures that lanes.awk draws of recorded logs, and those of the labs as they run here.
#
# traces/NAME.strace is a log as strace wrote it, traces/NAME.lanes the picture of it, checked by hand.
# After a change that is meant, draw them anew in this directory, and check the difference by hand:
#     for t in traces/*.strace; do LC_ALL=C awk -f ../../common/lanes.awk "$t" >"${t%.strace}.lanes"; done

load kit
traces=$BATS_TEST_DIRNAME/traces

lanes() { LC_ALL=C "${AWK:-awk}" "${@:2}" -f "$KIT/common/lanes.awk" "$traces/$1.strace"; }

same_as_recorded() {
	local trace
	for trace in "$@"; do
		diff -u "$traces/$trace.lanes" <(lanes "$trace") || return
	done
}

# columns_of FILE: its longest line, in characters
columns_of() { LC_ALL=C.UTF-8 wc -L <"$1"; }

needs_strace() { command -v strace >/dev/null || skip "strace is missing"; }

@test "calls that are interrupted by others (unfinished, resumed) are put together" { same_as_recorded eof; }
@test "a process killed inside a call, and the calls folded before it" { same_as_recorded killed; }
@test "a process killed by its own write(): SIGPIPE" { same_as_recorded sigpipe; }
@test "a signal in the middle of a blocked read()" { same_as_recorded signalled; }
@test "dup() and exec(): the descriptors that are closed there count" { same_as_recorded executing; }
@test "threads share their descriptors" { same_as_recorded threads; }
@test "a full pipe: the writer goes on when a page is free; a long to and fro is folded" { same_as_recorded draining; }
@test "EAGAIN, short counts and two pipes in one process" { same_as_recorded nonblocking; }
@test "two programs with a log each, in the order of time: open() of a FIFO waits for the other end" { same_as_recorded fifo; }
@test "a semaphore: its value, as far as the calls tell" { same_as_recorded semaphore; }
@test "System V shared memory: the attach count, and when it is gone" { same_as_recorded segment; }
@test "a mapped file" { same_as_recorded mapping; }
@test "a log that ends too soon: who is blocked stays blocked" { same_as_recorded stuck; }

@test "every awk draws the same picture" {
	local awk trace
	for awk in mawk gawk "busybox awk" original-awk; do
		command -v "${awk% *}" >/dev/null || continue
		for trace in eof draining fifo; do
			# shellcheck disable=SC2086 # busybox awk is two words
			diff <(lanes "$trace") <(LC_ALL=C $awk -f "$KIT/common/lanes.awk" "$traces/$trace.strace")
		done
	done
}

@test "the pictures fit 80 columns, and 140" {
	local log
	for log in "$traces"/*.strace; do
		log=$(basename "$log" .strace)
		lanes "$log" >"$BATS_TEST_TMPDIR/80"
		lanes "$log" -v columns=140 >"$BATS_TEST_TMPDIR/140"
		(($(columns_of "$BATS_TEST_TMPDIR/80") <= 80))
		(($(columns_of "$BATS_TEST_TMPDIR/140") <= 140))
	done
}

@test "colour only where it is asked for, and it changes no character" {
	run ! grep -q $'\e' <(lanes eof)
	grep -q $'\e' <(lanes eof -v colour=1)
	diff <(lanes eof) <(lanes eof -v colour=1 | sed $'s/\e\\[[0-9;]*m//g; s/ *$//')
}

@test "no pid is left in a picture" {
	local log pid
	for log in "$traces"/*.strace; do
		while read -r pid; do
			run ! grep -w "$pid" "${log%.strace}.lanes"
		done < <(awk '$1 ~ /^[0-9]+$/ { print $1 }' "$log" | sort -u)
	done
}

@test "SVG: well-formed, text of 20 pixels, two colour schemes, nothing from outside" {
	local log
	for log in "$traces"/*.strace; do
		log=$(basename "$log" .strace)
		lanes "$log" -v format=svg -v about='a < b & "c"' >"$BATS_TEST_TMPDIR/$log.svg"
		grep -q 'font-size="20"' "$BATS_TEST_TMPDIR/$log.svg"
		grep -q 'prefers-color-scheme: dark' "$BATS_TEST_TMPDIR/$log.svg"
		run ! grep -E 'href|url\(|@import|<script' "$BATS_TEST_TMPDIR/$log.svg"
		! command -v xmllint >/dev/null || xmllint --noout "$BATS_TEST_TMPDIR/$log.svg"
	done
	grep -q 'a &lt; b &amp; "c"' "$BATS_TEST_TMPDIR/eof.svg"
}

@test "every lab is traced as its demo runs it, and is left as it was" {
	needs_strace
	local lab
	own_names
	for lab in $(labs); do
		[[ -f $KIT/labs/$lab/demo.sh ]] || continue
		run "$KIT/common/trace" "$KIT/labs/$lab"
		[[ $status == 0 ]]
		[[ $output == *"ms "* && $output == *"exit 0"* ]]
	done
	[[ -z $(ls "$TMPDIR") ]]
}

@test "blocked_writer here: 65536 bytes, full, and killed" {
	needs_strace
	run "$KIT/common/trace" "$KIT/labs/01-pipe-full"
	[[ $status == 0 ]]
	grep -qE '65536 full +┏ write 4096' <<<"$output"
	grep -qE '┗ × killed by SIGKILL' <<<"$output"
}

@test "FORMAT=svg writes a file for each picture, and prints its path" {
	needs_strace
	run env FORMAT=svg "$KIT/common/trace" "$KIT/labs/03-pipe-eof"
	[[ $status == 0 && ${#lines[@]} == 2 ]]
	[[ ${lines[0]} == *"/trace/03-pipe-eof-eof.svg" && -s ${lines[0]} ]]
	[[ ${lines[1]} == *"/trace/03-pipe-eof-lost_eof.svg" && -s ${lines[1]} ]]
}

@test "VARIANT: a student's programs, and the lab's own where one is missing" {
	needs_strace
	mkdir "$BATS_TEST_TMPDIR/variant"
	sed 's/"hello", NULL/"other", "words", NULL/' "$KIT/labs/03-pipe-eof/eof.c" >"$BATS_TEST_TMPDIR/variant/eof.c"
	VARIANT=$BATS_TEST_TMPDIR/variant run "$KIT/common/trace" "$KIT/labs/03-pipe-eof"
	[[ $status == 0 && $output == *'write 5 "words"'* && $output == *lost_eof* ]]
}

@test "a variant that waits for ever is drawn as far as it came" {
	needs_strace
	mkdir "$BATS_TEST_TMPDIR/variant"
	sed 's/close(fds\[1\]);.*$/;/' "$KIT/labs/03-pipe-eof/eof.c" >"$BATS_TEST_TMPDIR/variant/eof.c"
	VARIANT=$BATS_TEST_TMPDIR/variant TRACE_TIMEOUT=3 run "$KIT/common/trace" "$KIT/labs/03-pipe-eof"
	# timeout(1) ends strace and the program at once: strace may still see it happen.
	[[ $status == 1 && ($output == *"(still blocked)"* || $output == *"SIGTERM from outside"*) ]]
	[[ $output != *"read 0 bytes: end of file"* ]]
}

@test "no strace: one line that names the package, status 2" {
	run env PATH=/nowhere "$BASH" "$KIT/common/trace" "$KIT/labs/03-pipe-eof"
	[[ $status == 2 && ${#lines[@]} == 1 && $output == *"apt install strace"* ]]
}
