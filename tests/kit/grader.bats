#!/usr/bin/env bats
# The grader as its users meet it: exit statuses, reports, half a solution, nothing to grade, a rig that is broken.
load kit

grade() { make -s -C "$KIT" BUILD="$BUILD" grade-3 JSON="$BATS_TEST_TMPDIR/r.json" "$@"; }
bad() { # NAME: lay out a known-bad variant of lab 3
	mkdir -p "$BATS_TEST_TMPDIR/v"
	cp "$KIT"/labs/03-pipe-eof/*.c "$BATS_TEST_TMPDIR/v"
	[[ -z ${1:-} ]] || patch -s -p0 -d "$BATS_TEST_TMPDIR/v" <"$KIT/tests/variants/03-pipe-eof/bad/$1.patch"
}

@test "the lab's own programs pass: status 0, all points, the JSON says so" {
	bad
	run -0 grade VARIANT="$BATS_TEST_TMPDIR/v" TAP="$BATS_TEST_TMPDIR/r.tap" JUNIT="$BATS_TEST_TMPDIR/r.xml"
	[[ $output == *'03-pipe-eof: '*' points'*"$BATS_TEST_TMPDIR/r.json"* ]]
	jq -e '.lab == "03-pipe-eof" and .score == .max_score and .score > 20 and (.seed | type == "number") and
		(.checks | length > 10) and
		all(.checks[]; .verdict == "pass" and .points == .max_points and (keys | contains(["evidence", "hint", "id", "rule", "title"])))' \
		"$BATS_TEST_TMPDIR/r.json"
	[[ $(head -n 1 "$BATS_TEST_TMPDIR/r.tap") == "1..$(jq '.checks | length' "$BATS_TEST_TMPDIR/r.json")" ]]
	grep -q '<testsuite name="03-pipe-eof" tests="[0-9]*" failures="0" errors="0" skipped="0">' "$BATS_TEST_TMPDIR/r.xml"
}

@test "a failure: status 1, the rule, what was seen, the hint, and the command that repeats just this check" {
	bad reader-holds-write-end
	run ! grade VARIANT="$BATS_TEST_TMPDIR/v" SEED=7
	[[ $(tr -s ' \n' ' ' <<<"$output") == *'whose write end is held by pid 2 itself, fd 4'*'look at'* ]]
	[[ $output == *"repeat    make grade-3 VARIANT=$BATS_TEST_TMPDIR/v CHECK=eof.ends SEED=7"* ]]
	jq -e '(.checks[] | select(.id == "eof.ends") | .verdict) == "fail" and .seed == 7 and .score < .max_score and
		([.checks[] | select(.verdict == "skipped")] | length) > 3' "$BATS_TEST_TMPDIR/r.json"
	run "$KIT/tests/grader/grade" -q -c eof.ends -s 7 -o "$BATS_TEST_TMPDIR/one.json" "$KIT/labs/03-pipe-eof" "$BATS_TEST_TMPDIR/v"
	[[ $status == 1 && $(jq '.checks | length' "$BATS_TEST_TMPDIR/one.json") == 1 ]]
}

@test "the same seed gives the same words, another seed others" {
	bad no-terminator
	local i
	for i in 1 1 2; do
		"$KIT/tests/grader/grade" -q -c eof.bytes -s "$i" -o "$BATS_TEST_TMPDIR/$i.json" "$KIT/labs/03-pipe-eof" \
			"$BATS_TEST_TMPDIR/v" || true
		jq -r '.checks[0].evidence' "$BATS_TEST_TMPDIR/$i.json" | grep -o 'written: "[a-z]*"' >>"$BATS_TEST_TMPDIR/words"
	done
	[[ $(sort -u "$BATS_TEST_TMPDIR/words" | wc -l) == 2 ]]
}

@test "half a solution gets its half" {
	bad
	rm "$BATS_TEST_TMPDIR/v/lost_eof.c"
	run ! grade VARIANT="$BATS_TEST_TMPDIR/v"
	jq -e 'all(.checks[] | select(.id | startswith("eof.")); .verdict == "pass") and
		(.checks[] | select(.id == "lost_eof.shown") | .evidence | contains("there is no lost_eof.c"))' "$BATS_TEST_TMPDIR/r.json"
}

@test "a program that does not compile fails with what the compiler said; a warning is no matter" {
	bad
	echo 'int main(void) { int unused; return nothing; }' >"$BATS_TEST_TMPDIR/v/eof.c"
	sed -i 's/int fds\[2\];/int fds[2], unused;/' "$BATS_TEST_TMPDIR/v/lost_eof.c"
	run ! grade VARIANT="$BATS_TEST_TMPDIR/v"
	jq -e '(.checks[] | select(.id == "eof.ends") | .verdict == "fail" and (.evidence | contains("nothing"))) and
		(.checks[] | select(.id == "lost_eof.shown") | .verdict == "pass")' "$BATS_TEST_TMPDIR/r.json"
}

@test "an empty directory gets no points, and no complaint but that" {
	mkdir "$BATS_TEST_TMPDIR/v"
	run ! grade VARIANT="$BATS_TEST_TMPDIR/v"
	jq -e '.score == 0 and all(.checks[]; .verdict == "fail" or .verdict == "skipped")' "$BATS_TEST_TMPDIR/r.json"
}

@test "wrong usage is one line and status 2" {
	run -2 make -s -C "$KIT" BUILD="$BUILD" grade-3
	[[ $output == *'usage: make grade-3 VARIANT=dir'* ]]
	local arguments
	for arguments in '' '/nowhere' "$KIT/labs/03-pipe-eof /nowhere" "-s x $KIT/labs/03-pipe-eof $KIT/labs/03-pipe-eof" \
		"-c no.such $KIT/labs/03-pipe-eof $KIT/labs/03-pipe-eof"; do
		# shellcheck disable=SC2086
		run -2 "$KIT/tests/grader/grade" -o "$BATS_TEST_TMPDIR/r.json" $arguments
		[[ $output == 'grade: '* && $(wc -l <<<"$output") == 1 ]] || { echo "$arguments: $output" && return 1; }
	done
	[[ ! -e $BATS_TEST_TMPDIR/r.json ]]
}

@test "a rig that breaks is reported as broken, not as a failure, with status 2" {
	mkdir -p "$BATS_TEST_TMPDIR/b/grader"
	cp -r "$BUILD"/grader/* "$BATS_TEST_TMPDIR/b/grader"
	# It makes its sandbox, but dies at the first program.
	cat >"$BATS_TEST_TMPDIR/b/grader/rig" <<-'SH'
		#!/bin/sh
		echo ok ready
		read -r command
	SH
	BUILD=$BATS_TEST_TMPDIR/b run -2 "$KIT/tests/grader/grade" -c eof.ends -o "$BATS_TEST_TMPDIR/r.json" "$KIT/labs/03-pipe-eof" \
		"$KIT/labs/03-pipe-eof"
	jq -e '.checks[0].verdict == "broken" and .max_score == 0' "$BATS_TEST_TMPDIR/r.json"
}

@test "what a variant prints cannot colour the terminal or break a report" {
	bad
	cp "$KIT/tests/variants/03-pipe-eof/bad/hostile-paints-the-terminal/eof.c" "$BATS_TEST_TMPDIR/v"
	run ! grade VARIANT="$BATS_TEST_TMPDIR/v" TAP="$BATS_TEST_TMPDIR/r.tap" JUNIT="$BATS_TEST_TMPDIR/r.xml"
	[[ $output != *$'\e'* && $output != *$'\r'* ]]
	run ! grep -q '^ok 1 eof.ends$\|^::' "$BATS_TEST_TMPDIR/r.tap" <<<"$output"
	run ! grep -qP '[\x00-\x08\x0b-\x1f]' "$BATS_TEST_TMPDIR/r.tap" "$BATS_TEST_TMPDIR/r.xml" "$BATS_TEST_TMPDIR/r.json"
	jq -e . "$BATS_TEST_TMPDIR/r.json" >/dev/null
}

@test "as an ordinary user, in a user namespace" {
	[[ $(id -u) == 0 ]] || skip 'we are one'
	su nobody -s /bin/bash -c 'bwrap --unshare-all --ro-bind / / true' 2>/dev/null || skip 'this machine refuses user namespaces'
	local copy
	copy=$(mktemp -d /tmp/ipclab-grade.XXXXXX)
	cp -r "$KIT"/{Makefile,labs,common,tests} "$copy"
	chown -R nobody "$copy"
	run su nobody -s /bin/bash -c "unset BUILD; cd '$copy' && make -s grade-3 VARIANT=labs/03-pipe-eof JSON='$copy/r.json'"
	rm -rf "$copy"
	echo "$output"
	[[ $status == 0 ]]
}

@test "the matrix tells a verdict that is not as expected" {
	local copy="$BATS_TEST_TMPDIR/a copy" lab=03-pipe-eof
	mkdir -p "$copy/tests/variants/$lab"/{bad,good}
	cp -r "$KIT/labs" "$KIT/common" "$copy"
	cp -r "$KIT/tests/grader" "$KIT/tests/contract" "$copy/tests"
	cd "$copy/tests/variants/$lab"
	cp "$KIT/tests/variants/$lab/bad/message-cut.patch" good/not-good.patch
	sed 's/^fails: .*/fails: eof.bytes/' good/not-good.patch >bad/other-check.patch
	sed 's/^\(fails: [^ ]*\).*/\1 other words/' good/not-good.patch >bad/other-words.patch
	sed 's/^-/-no such line/' good/not-good.patch >bad/stale.patch
	run -1 "$copy/tests/grader/matrix" "$lab/good/not-good.patch" "$lab/bad/other-check.patch" "$lab/bad/other-words.patch" "$lab/bad/stale.patch"
	[[ $(grep -c '^not ok ' <<<"$output") == 4 && $output == *'0 passed, 4 failed' && $output == *'does not apply'* ]]
	# One in three of the known-bad ones, and every one of the others.
	run -1 "$copy/tests/grader/matrix" -p 3/3 "$lab/good" "$lab/bad"
	[[ $output == *'bad/stale.patch '*'good/not-good.patch '*'0 passed, 2 failed' ]]
	run -2 "$copy/tests/grader/matrix" -p 4/3
	run -2 "$copy/tests/grader/matrix" "$lab/bad/nobody"
}

@test "a skeleton is handed out once, and never over somebody's work" {
	run -0 make -s -C "$KIT" start-3 DIR="$BATS_TEST_TMPDIR/mine"
	[[ -f $BATS_TEST_TMPDIR/mine/eof.c && -f $BATS_TEST_TMPDIR/mine/lost_eof.c ]]
	echo mine >"$BATS_TEST_TMPDIR/mine/eof.c"
	run -2 make -s -C "$KIT" start-3 DIR="$BATS_TEST_TMPDIR/mine"
	[[ $(<"$BATS_TEST_TMPDIR/mine/eof.c") == mine ]]
}

@test "the probe, by hand: who waits for whom, how full is the pipe, who holds it" {
	cat >"$BATS_TEST_TMPDIR/stuck.c" <<-'C'
		#include <unistd.h>
		int main(void)
		{
			char c;
			int fds[2];
			return pipe(fds) == -1 || fork() == -1 || read(fds[0], &c, 1) == -1;
		}
	C
	${CC:-cc} -o "$BATS_TEST_TMPDIR/stuck" "$BATS_TEST_TMPDIR/stuck.c"
	"$BATS_TEST_TMPDIR/stuck" 3>&- 8>&- &
	local pid=$!
	until "$BUILD/grader/probe" "$pid" >"$BATS_TEST_TMPDIR/said"; do kill -0 "$pid"; done
	grep -q "stuck: pid $pid (stuck) waits in read on pipe:A, .*(empty), whose write end is held by pid $pid itself" "$BATS_TEST_TMPDIR/said"
	run -0 "$BUILD/grader/probe" -b read "$pid"
	[[ $output == *"pid=$pid who=stuck call=read on=pipe:A"*'queued=0 capacity='* ]]
	run -1 "$BUILD/grader/probe" -b write "$pid"
	run -0 "$BUILD/grader/probe" -h "$pid"
	[[ $(grep -c 'pipe:A [rw] ' <<<"$output") == 4 ]]
	pkill -P "$pid"
	kill "$pid"
	run -2 "$BUILD/grader/probe"
	run -2 "$BUILD/grader/probe" 99999999
}
