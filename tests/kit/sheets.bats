#!/usr/bin/env bats
# Each lab sheet shows what its lab really prints, and has what a lab sheet must have.
load kit

# The lab sheet of lab $1 against the run: the first block of code in its section "Run".
check_output() {
	local sheet=$KIT/labs/$1/README.md
	BUILD=$BUILD bash "$KIT/labs/$1/demo.sh" >"$BATS_TEST_TMPDIR/run" </dev/null 3>&- 4>&- 5>&- 6>&- 7>&-
	awk '/^## /{run = ($0 == "## Run")} run && /^```/{block++; next} run && block == 1' "$sheet" |
		canonical "$sheet" >"$BATS_TEST_TMPDIR/told"
	canonical "$sheet" <"$BATS_TEST_TMPDIR/run" >"$BATS_TEST_TMPDIR/seen"
	[[ -s $BATS_TEST_TMPDIR/told ]]
	diff "$BATS_TEST_TMPDIR/told" "$BATS_TEST_TMPDIR/seen"
}

check_sections() {
	local section
	[[ $(head -n 1 "$KIT/labs/$1/README.md") == "# Lab $((10#${1%%-*})): "* ]]
	for section in Predict Run Why 'Break it' Contract; do
		grep -qx "## $section" "$KIT/labs/$1/README.md" || { echo "$1: no section $section" && return 1; }
	done
}

@test "every lab sheet shows what its lab prints" {
	local lab bad=0
	for lab in $(labs); do
		check_output "$lab" || { echo "$lab: the sheet is not what is printed" && bad=1; }
	done
	[[ $bad == 0 ]]
}

@test "every lab sheet has its sections" {
	local lab
	for lab in $(labs); do check_sections "$lab"; done
}

@test "a sheet that does not match its lab is noticed" {
	printf 'a: headline\nreader: read 5 bytes\nwriter: x\n' | canonical >"$BATS_TEST_TMPDIR/1"
	printf 'a: headline\nwriter: x\nreader: read 5 bytes\n' | canonical >"$BATS_TEST_TMPDIR/2"
	printf 'a: headline\nwriter: x\nreader: read 6 bytes\n' | canonical >"$BATS_TEST_TMPDIR/3"
	diff "$BATS_TEST_TMPDIR/1" "$BATS_TEST_TMPDIR/2"
	run -1 diff "$BATS_TEST_TMPDIR/1" "$BATS_TEST_TMPDIR/3"
}
