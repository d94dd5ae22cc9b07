#!/usr/bin/env bats
# What the notes say, tried on this kernel; and the page that records it.
load kit

setup_file() { make -s -C "$KIT" BUILD="$BUILD" "${BUILD#"$KIT/"}/claims/pipe" >/dev/null; }

@test "every claim comes out as recorded, or says why it cannot be tried here" {
	run -0 make -s -C "$KIT" BUILD="$BUILD" claims
	[[ $output == *'All came out as recorded.'* ]]
	[[ $output =~ ([0-9]+)\ claims:\ ([0-9]+)\ confirmed ]]
	[[ ${BASH_REMATCH[1]} -ge 200 && ${BASH_REMATCH[2]} -ge 100 ]]
}

@test "the page of the claims is that of the programs" {
	BUILD=$BUILD run -0 "$KIT/tests/claims/run" -c
}

@test "a stale page is noticed" {
	mkdir "$BATS_TEST_TMPDIR/claims"
	cp "$KIT/tests/claims/run" "$BATS_TEST_TMPDIR/claims"
	sed 's/C143 *| *confirmed/C143 | refuted/; s/| confirmed |/| refuted |/' "$KIT/tests/claims/README.md" >"$BATS_TEST_TMPDIR/claims/README.md"
	BUILD=$BUILD run -1 "$BATS_TEST_TMPDIR/claims/run" -c
}

@test "one lab's claims, one claim, and no such claim" {
	run -0 make -s -C "$KIT" BUILD="$BUILD" claims-6
	[[ $output == *C172* && $output != *C143* ]]
	BUILD=$BUILD run -0 "$KIT/tests/claims/run" C158
	[[ $output == *65536* ]]
	BUILD=$BUILD run -2 "$KIT/tests/claims/run" C999
}
