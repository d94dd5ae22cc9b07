#!/usr/bin/env bats
# The decks: what they name of the labs is there, and every slide can be read on a projector.
load kit

DECK=$BATS_TEST_TMPDIR/deck.md

fill() { (cd "$KIT" && awk -v pictures="$KIT/tests/kit" -f slides/include.awk "$DECK"); }

# broken LINK WHAT: a deck with LINK in line 3 fails, with one line that says WHAT.
broken() {
	printf '# Title\n\n%s\n' "$1" >"$DECK"
	run --separate-stderr fill
	# shellcheck disable=SC2154 # run sets stderr_lines
	[[ $status == 1 && ${#stderr_lines[@]} == 1 && $stderr == "slides: $DECK:3: "*"$2"* ]] || {
		echo "$1: status $status: $stderr"
		return 1
	}
}

@test "make slides without Node is one line that names the package, before any work" {
	local tool bin=$BATS_TEST_TMPDIR/bin
	mkdir "$bin"
	for tool in make bash sh env grep id sed awk; do ln -s "$(type -P $tool)" "$bin/$tool"; done
	PATH=$bin run -2 make -s -C "$KIT" BUILD="$BATS_TEST_TMPDIR/b" slides
	[[ $output == *'slides needs node: install the package nodejs, or run make deps-slides'* ]]
	[[ ${#lines[@]} == 1 ]]
	[[ ! -e $BATS_TEST_TMPDIR/b ]]
}

@test "the part of a lab that a link names takes its place" {
	printf '%s\n' '[c](../labs/03-pipe-eof/eof.c "function main | default: .. read_to_eof | mark close(")' '[not alone](x) "x"' >"$DECK"
	run -0 fill
	[[ ${lines[0]} == '<p class="caption">c</p>' && ${lines[1]} == '```c 2' && ${lines[2]} == default: ]]
	[[ ${lines[3]} == '    close(fds[1]);'* && ${lines[4]} == '    read_to_eof(fds[0]);' && ${lines[5]} == '```' ]]
	[[ ${lines[6]} == '[not alone](x) "x"' ]]
}

@test "a part that is not there fails the build, with one line that names it" {
	local lab=../labs/03-pipe-eof
	broken "[x]($lab/eof.c \"function no_such\")" 'labs/03-pipe-eof/eof.c has no function no_such'
	broken "[x]($lab/eof.c \"function main | nowhere\")" 'has no "nowhere" in function main'
	broken "[x]($lab/eof.c \"function main | fork .. nowhere\")" 'has no "nowhere" after "fork" in function main'
	broken "[x]($lab/eof.c \"function main | mark nowhere\")" 'has no "nowhere" to mark in function main'
	broken "[x]($lab/gone.c \"function main\")" 'cannot read labs/03-pipe-eof/gone.c'
	broken "[x]($lab/README.md \"question 99\")" 'has no question 99'
	broken "[x]($lab/README.md \"scene nobody:\")" 'has no scene "nobody:"'
	broken "[x]($lab/README.md \"bullet Nobody\")" 'has no item "Nobody"'
	broken '[x](../tests/claims/README.md "claim C999")' 'has no claim C999'
	broken "[x]($lab/ \"picture no_such\")" "cannot read $KIT/tests/kit/03-pipe-eof-no_such.svg"
	broken "[x]($lab/eof.c \"funktion main\")" '"funktion" is no kind of region'
}

@test "the decks name nothing that is not there" {
	local deck
	for deck in "$KIT"/slides/*.md; do
		grep -v '"picture ' "$deck" >"$DECK"
		run -0 --separate-stderr fill
		[[ -z $stderr ]]
		! grep -E '^\[.*"\)$' <<<"$output"
	done
}

@test "the versions are pinned, and no machine's name is recorded" {
	run -1 grep -E '"@?[a-z/-]+-[a-z]+": "[^0-9]' "$KIT/slides/package.json"
	run -1 grep -E '"resolved"|registry|localhost' "$KIT/slides/package-lock.json" "$KIT/slides/package.json"
	[[ $(find "$KIT/slides" -name node_modules | wc -l) == 0 ]]
}

@test "every slide fits, can be read, and asks nothing of the network (in Chromium)" {
	local tool deck bad=0 chromium
	for tool in node npm strace chromium; do
		command -v "$tool" >/dev/null || skip "needs $tool: make deps-slides"
	done
	chromium=$(command -v chromium)
	run make -s -C "$KIT" BUILD="$BUILD" slides
	[[ $output != *'needs the network'* ]] || skip 'npm ci needs the network, and there is none'
	[[ $status == 0 ]]
	for deck in "$KIT"/slides/*.md; do
		deck=$BUILD/slides/$(basename "$deck" .md)
		[[ $(head -c 5 "$deck.pdf") == %PDF- ]]
		timeout 120 node "$KIT/tests/kit/slides.mjs" "$chromium" "$deck.html" || { echo "in $deck.html" && bad=1; }
	done
	[[ $bad == 0 ]]
}

@test "a slide that does not fit, cannot be read or asks for something is noticed" {
	local chromium
	command -v node >/dev/null || skip 'needs node: make deps-slides'
	chromium=$(command -v chromium) || skip 'needs chromium: make deps-slides'
	[[ -d $BUILD/slides/node_modules/puppeteer-core ]] || skip 'needs what make slides installs'
	cat >"$BUILD/slides/bad.html" <<-'EOF'
		<style>section { width: 1280px; height: 720px; overflow: hidden; position: absolute; left: 0; top: 0 }</style>
		<div class="bespoke-marp-active"><section id="1"><p style="color: #999">pale</p>
		<pre><code style="font-size: 12px">tiny</code></pre><p style="margin-top: 800px; font-size: 30px">below</p></section></div>
		<img src="http://localhost:9/nothing.png"><script>console.error("oops"); throw new Error("thrown")</script>
	EOF
	run -1 timeout 60 node "$KIT/tests/kit/slides.mjs" "$chromium" "$BUILD/slides/bad.html"
	rm "$BUILD/slides/bad.html"
	[[ $output == *'contrast of 2.8'* && $output == *'code of 12.0 px: "tiny"'* && $output == *'out of the frame'* ]]
	[[ $output == *'overflow: '* && $output == *'request: http://localhost:9/'* && $output == *'console: oops'* && $output == *'script: thrown'* ]]
}
