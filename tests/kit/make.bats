#!/usr/bin/env bats
# The Makefile: what a newcomer types.
load kit

@test "make alone lists every target with a line of its own" {
	run -0 make -s -C "$KIT"
	[[ $output == *'make lab-N'* && $output == *'make test '* && $output == *'make grade-N'* && $output == *'make deps'* ]]
}

@test "make list names every lab with its title" {
	run -0 make -s -C "$KIT" list
	[[ ${#lines[@]} == $(labs | wc -w) ]]
	[[ $output == *'03-pipe-eof        the end of a pipe'* ]]
}

@test "a lab may be called by number, by padded number, by name and by directory" {
	local how
	for how in 3 03 pipe-eof 03-pipe-eof; do
		run -0 make -s -C "$KIT" BUILD="$BUILD" "lab-$how"
		[[ $output == *'reader: read 0 bytes: end of file'* ]]
	done
}

@test "an unknown lab is one line and status 2, for every target that takes one" {
	local target
	for target in lab-77 test-77 'grade-77 VARIANT=.' 'start-77 DIR=/nowhere' lab-nothing; do
		# shellcheck disable=SC2086
		run -2 make -s -C "$KIT" BUILD="$BUILD" $target
		[[ $output == *'there is no lab'* && $(grep -vc '^make' <<<"$output") == 1 ]]
	done
}

@test "make lab-N builds what it needs and nothing else, and writes nothing into labs/" {
	local before
	before=$(ls -lR "$KIT/labs" "$KIT/common")
	run -0 make -s -C "$KIT" BUILD="$BATS_TEST_TMPDIR/b" lab-3
	[[ $(find "$BATS_TEST_TMPDIR/b" -type f ! -name '*.[do]' -printf '%f ') == *eof* ]]
	[[ ! -e $BATS_TEST_TMPDIR/b/01-pipe-full && ! -e $BATS_TEST_TMPDIR/b/grader ]]
	[[ $(ls -lR "$KIT/labs" "$KIT/common") == "$before" ]]
}

@test "make lab-N needs nothing but a C compiler, make and a shell" {
	local tool bin=$BATS_TEST_TMPDIR/bin
	mkdir "$bin"
	for tool in cc gcc as ld make bash sh mkdir dirname id awk sed cat ls env grep printf readlink rm sleep flock touch tail head cut kill wc sort tr; do
		[[ ! $(type -P $tool) ]] || ln -s "$(type -P $tool)" "$bin/$tool"
	done
	PATH=$bin run -0 make -s -C "$KIT" BUILD="$BATS_TEST_TMPDIR/b" labs
}

@test "a path with a space, from another directory: the labs, the grader, a class" {
	local copy="$BATS_TEST_TMPDIR/a kit"
	mkdir "$copy"
	cp -r "$KIT/Makefile" "$KIT/labs" "$KIT/common" "$copy"
	cd /
	run -0 env -u BUILD make -s -C "$copy" labs
	[[ $output == *'reader: read 0 bytes: end of file'* ]]
	mkdir -p "$copy/tests" "$copy/a class/some body"
	cp -r "$KIT/tests/grader" "$KIT/tests/contract" "$copy/tests"
	cp "$KIT"/labs/03-pipe-eof/*.c "$copy/a class/some body"
	run -0 env -u BUILD make -s -C "$copy" grade-all LAB=3 SUBMISSIONS='a class' OUT='what came out'
	[[ $(jq -r '.[] | .student, .score == .max_score' "$copy/what came out/class.json") == 'some body'$'\n'true ]]
	run -2 make -s -C "$copy" BUILD='/some where' list
	[[ $output == *'BUILD must have no space in it: /some where'* ]]
}

@test "no colour into a file, colour on a terminal, none with NO_COLOR" {
	make -s -C "$KIT" BUILD="$BUILD" lab-3 >"$BATS_TEST_TMPDIR/file"
	run -1 grep -q $'\e' "$BATS_TEST_TMPDIR/file"
	TERM=xterm script -qec "make -s -C '$KIT' BUILD='$BUILD' lab-3" /dev/null >"$BATS_TEST_TMPDIR/terminal" </dev/null
	grep -q $'\e\\[36mreader:' "$BATS_TEST_TMPDIR/terminal"
	NO_COLOR=1 TERM=xterm script -qec "make -s -C '$KIT' BUILD='$BUILD' lab-3" /dev/null >"$BATS_TEST_TMPDIR/plain" </dev/null
	run -1 grep -q $'\e' "$BATS_TEST_TMPDIR/plain"
	diff <(canonical <"$BATS_TEST_TMPDIR/file") <(tr -d '\r' <"$BATS_TEST_TMPDIR/plain" | canonical)
}

@test "STEP=1 asks the lab sheet's questions and waits for Enter" {
	run -0 make -s -C "$KIT" BUILD="$BUILD" lab-3 STEP=1 < <(printf '\n\n')
	[[ $output == *'How many times does'* && $output == *'The parent forgets'* ]]
}

@test "a missing tool is one line that names the package, before any work" {
	local tool bin=$BATS_TEST_TMPDIR/bin
	mkdir "$bin"
	for tool in make bash sh env grep id sed awk; do ln -s "$(type -P $tool)" "$bin/$tool"; done
	PATH=$bin run -2 make -s -C "$KIT" BUILD="$BATS_TEST_TMPDIR/b" lint
	[[ $output == *'needs shellcheck: install the package shellcheck, or run make deps'* ]]
	[[ ! -e $BATS_TEST_TMPDIR/b ]]
}
