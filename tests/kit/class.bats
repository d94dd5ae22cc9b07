#!/usr/bin/env bats
# A class: hand-ins of strangers, graded all at once, and the two places where courses live.
load kit

lab=03-pipe-eof
grader=$KIT/tests/grader

setup_file() {
	export BUILD=${BUILD:-$KIT/build}
	command -v zip unzip parallel >/dev/null || skip 'zip, unzip and parallel are needed: make deps'
	make -s -C "$KIT" BUILD="$BUILD" "${BUILD#"$KIT/"}/grader/"{rig,keeper,peers/.made,"kit/$lab/.made"} 3>&-
	"$grader/make-class" $lab 9 "$BATS_FILE_TMPDIR/class" 3>&-
}

setup() {
	class=$BATS_FILE_TMPDIR/class
	export TMPDIR=$BATS_TEST_TMPDIR/tmp
	mkdir -p "$TMPDIR"
}

# unpacked NAME: what of a submission of the class reaches the compiler.
unpacked() {
	"$grader/unpack" "$KIT/labs/$lab" "$1" "$BATS_TEST_TMPDIR/out" >"$BATS_TEST_TMPDIR/said"
}

# few: a class of two whose marks are known, for what has to be quick.
few() {
	mkdir -p "$BATS_TEST_TMPDIR/few/empty"
	cp -r "$class/s001-$lab" "$BATS_TEST_TMPDIR/few/full"
}

@test "an archive whose paths lead out of it is refused, and writes nothing anywhere" {
	run -3 unpacked "$class/odd-escapes.tar.gz"
	grep -q 'leads out' "$BATS_TEST_TMPDIR/said"
	[[ ! -e /tmp/ipcclass-escaped && -z $(ls "$BATS_TEST_TMPDIR/out") ]]
	mkdir "$BATS_TEST_TMPDIR/in"
	(cd "$BATS_TEST_TMPDIR/in" && echo 'int main(void) { return 0; }' >../eof.c && zip -q ../out.zip ../eof.c)
	run -3 unpacked "$BATS_TEST_TMPDIR/out.zip"
}

@test "a link that leads out is not followed: in a zip, in a tarball, in a directory, through a linked directory" {
	run -1 unpacked "$class/odd-links.zip"
	grep -q 'symbolic links' "$BATS_TEST_TMPDIR/said"
	mkdir "$BATS_TEST_TMPDIR/in"
	ln -s "$KIT/labs/$lab/eof.c" "$BATS_TEST_TMPDIR/in/eof.c"
	ln -s "$KIT/labs/$lab" "$BATS_TEST_TMPDIR/in/sub"
	mkfifo "$BATS_TEST_TMPDIR/in/lost_eof.c"
	run -1 unpacked "$BATS_TEST_TMPDIR/in"
	tar -czf "$BATS_TEST_TMPDIR/in.tgz" -C "$BATS_TEST_TMPDIR/in" .
	run -1 unpacked "$BATS_TEST_TMPDIR/in.tgz"
	[[ -z $(ls "$BATS_TEST_TMPDIR/out") ]]
}

@test "a bomb is refused: one large file, many of them, a hundred thousand names" {
	run -3 unpacked "$class/odd-bomb.tar.gz"
	mkdir "$BATS_TEST_TMPDIR/in"
	head -c 90M /dev/zero | split -b 3M - "$BATS_TEST_TMPDIR/in/zeros"
	(cd "$BATS_TEST_TMPDIR/in" && zip -q ../many.zip ./*)
	run -3 unpacked "$BATS_TEST_TMPDIR/many.zip"
	rm -rf "$BATS_TEST_TMPDIR/in"
	head -c 17M /dev/urandom >"$BATS_TEST_TMPDIR/large.zip"
	run -3 unpacked "$BATS_TEST_TMPDIR/large.zip"
}

@test "damaged archives, passwords and other nonsense are somebody's line, not an error" {
	head -c 300 "$class/odd-wrapped.zip" >"$BATS_TEST_TMPDIR/cut.zip"
	run -1 unpacked "$BATS_TEST_TMPDIR/cut.zip"
	echo nonsense >"$BATS_TEST_TMPDIR/nonsense.tar.gz"
	run -1 unpacked "$BATS_TEST_TMPDIR/nonsense.tar.gz"
	(cd "$KIT/labs/$lab" && zip -q -P secret "$BATS_TEST_TMPDIR/locked.zip" ./*.c)
	run -1 unpacked "$BATS_TEST_TMPDIR/locked.zip"
	grep -q password "$BATS_TEST_TMPDIR/said"
}

@test "programs are found in directories of directories, and in an archive in a directory; nothing else is taken" {
	run -0 unpacked "$class/odd-wrapped.zip"
	[[ $(cd "$BATS_TEST_TMPDIR/out" && echo *) == 'eof.c lost_eof.c' ]]
	rm -rf "$BATS_TEST_TMPDIR/out"
	mkdir "$BATS_TEST_TMPDIR/in"
	cp "$class/odd-wrapped.zip" "$BATS_TEST_TMPDIR/in/my work.zip"
	run -0 unpacked "$BATS_TEST_TMPDIR/in"
	[[ $(cd "$BATS_TEST_TMPDIR/out" && echo *) == 'eof.c lost_eof.c' ]]
}

@test "a mixed class: interrupted, gone on with, every mark right, nobody graded twice, nothing left" {
	local out=$BATS_TEST_TMPDIR/out pid status=0 graded first
	"$grader/grade-all" -j 2 -o "$out" "$KIT/labs/$lab" "$class" >"$BATS_TEST_TMPDIR/log" 2>&1 3>&- &
	pid=$!
	until [[ $(wc -l 2>/dev/null <"$out/record/joblog") -ge 2 ]]; do kill -0 $pid; done
	kill -TERM $pid
	wait $pid || status=$?
	[[ $status == 130 ]]
	run ! grep -qazF "$BATS_TEST_TMPDIR/tmp/ipcclass" /proc/[0-9]*/environ # no process of it
	[[ -z $(ls "$TMPDIR") ]]
	[[ $(find "$out/record/results" -name '*.json' | wc -l) -lt 9 ]]
	graded=$(awk 'NR > 1 && $7 == 0 && $8 == 0 { print $NF }' "$out/record/joblog")
	first=$(cd "$out/record" && xargs stat -c "%n %i" <<<"$graded")
	run -0 "$grader/grade-all" -j 2 -o "$out" "$KIT/labs/$lab" "$class"
	"$grader/check-class" "$class.expect" "$out"
	[[ -n $graded && $(cd "$out/record" && xargs stat -c "%n %i" <<<"$graded") == "$first" ]]
	[[ -z $(ls "$TMPDIR") ]]
	run -0 "$grader/grade-all" -j 2 -o "$out" "$KIT/labs/$lab" "$class"
	[[ $output == *'0 gradings, 9 submissions'* ]]
	# the forms
	[[ $(head -n 1 "$out/class.csv") == '"student","status","score","max_score","eof.ends",'* && $(wc -l <"$out/class.csv") == 10 ]]
	grep -q '^"odd-escapes","refused",0,29,0,' "$out/class.csv"
	[[ $(find "$out/feedback" -name '*.md' | wc -l) == 9 ]]
	[[ $(grep -c '<testsuite ' "$out/junit.xml") == 9 && $(grep -c '<error' "$out/junit.xml") == 0 ]]
	run -1 grep -qE '<script|https?:|src=|<b>"' "$out/index.html"
	# shellcheck disable=SC2016
	grep -q 'odd-name; &lt;b&gt;&quot;$(id)&quot; &[^;]*; % \\n' "$out/index.html"
	[[ $(grep -c '<section id=' "$out/index.html") == 9 ]]
}

@test "what is new or changed is graded, the rest is not; another lab needs another OUT" {
	few
	local out=$BATS_TEST_TMPDIR/out
	run -0 "$grader/grade-all" -o "$out" "$KIT/labs/$lab" "$BATS_TEST_TMPDIR/few"
	[[ $output == *'2 gradings'* && $(jq -c 'map(.score)' "$out/class.json") == '[0,29]' ]]
	rm "$BATS_TEST_TMPDIR/few/full/lost_eof.c"
	mkdir "$BATS_TEST_TMPDIR/few/late"
	run -0 "$grader/grade-all" -o "$out" "$KIT/labs/$lab" "$BATS_TEST_TMPDIR/few"
	[[ $output == *'2 gradings, 3 submissions'* && $output == *'1 builds in part'* ]]
	echo 01-other >"$out/record/lab"
	run -2 "$grader/grade-all" -o "$out" "$KIT/labs/$lab" "$BATS_TEST_TMPDIR/few"
}

@test "other machines: each gets what it needs, gives back the results, and keeps nothing" {
	few
	local far=$BATS_TEST_TMPDIR/far out=$BATS_TEST_TMPDIR/out
	mkdir "$far" "$BATS_TEST_TMPDIR/bin"
	# Stands in for ssh: another home directory, and a shell there, named in SHELL as sshd does.
	cat >"$BATS_TEST_TMPDIR/bin/ssh" <<-'END'
		#!/usr/bin/env bash
		while [[ $1 == -* ]]; do [[ $1 == -[lpio] ]] && shift; shift; done
		echo "$1" >>"$FAR.log"
		shift
		[[ $1 != -- ]] || shift
		cd "$FAR" && HOME=$FAR SHELL=/bin/bash exec bash -c "$*"
	END
	chmod +x "$BATS_TEST_TMPDIR/bin/ssh"
	FAR=$far PATH=$BATS_TEST_TMPDIR/bin:$PATH run -0 "$grader/grade-all" -H 2/far -o "$out" "$KIT/labs/$lab" "$BATS_TEST_TMPDIR/few"
	[[ $(jq -c 'map(.score)' "$out/class.json") == '[0,29]' ]]
	grep -q '^far$' "$far.log"
	awk -F '\t' 'NR > 1 && $2 != "far" { exit 1 }' "$out/record/joblog"
	[[ -z $(find "$far" -type f) ]] || { find "$far" && return 1; }
}

@test "a broken rig is no mark: told apart, status 2, and graded by the next run" {
	few
	local out=$BATS_TEST_TMPDIR/out broken=$BATS_TEST_TMPDIR/broken
	mkdir -p "$broken"
	cp -r "$BUILD/grader" "$broken/grader"
	mv "$broken/grader/rig" "$broken/grader/real"
	printf '#!/bin/sh\ncase "$*" in *=/lab*) exit 1;; esac\nexec "%s" "$@"\n' "$broken/grader/real" >"$broken/grader/rig"
	chmod +x "$broken/grader/rig"
	BUILD=$broken run -2 "$grader/grade-all" -o "$out" "$KIT/labs/$lab" "$BATS_TEST_TMPDIR/few"
	[[ $output == *'the rig is broken for these, who have no mark'*full:* ]]
	[[ $(jq -c 'map(select(.student == "full"))[0] | [.status, .score, .checks]' "$out/class.json") == '["broken",null,[]]' ]]
	grep -q '^"full","broken",,,' "$out/class.csv"
	grep -q '<error message="the rig is broken' "$out/junit.xml"
	run -0 "$grader/grade-all" -o "$out" "$KIT/labs/$lab" "$BATS_TEST_TMPDIR/few"
	[[ $(jq -c 'map(.score)' "$out/class.json") == '[0,29]' ]]
}

# A directory as Gradescope has it, with the autograder unzipped and set up, and the submission $1.
autograder() {
	export AUTOGRADER=$BATS_TEST_TMPDIR/autograder NO_APT=1
	mkdir -p "$AUTOGRADER"/{source,submission,results}
	"$grader/gradescope/make-zip" $lab "$BATS_TEST_TMPDIR/$lab.zip" eof.honest >/dev/null
	(cd "$AUTOGRADER/source" && unzip -q "$BATS_TEST_TMPDIR/$lab.zip")
	cp "$1"/*.c "$AUTOGRADER/submission"
	"$AUTOGRADER/source/setup.sh"
	results=$AUTOGRADER/results/results.json
}

@test "Gradescope: points for each check, the hidden one hidden; a broken rig gives a message and no mark" {
	autograder "$KIT/labs/$lab"
	run -0 "$AUTOGRADER/source/run_autograder"
	[[ $(jq -c '[.score, (.tests | length), ([.tests[].max_score] | add)]' "$results") == '[29,14,29]' ]]
	[[ $(jq -r '.tests[] | select(.visibility == "after_published").name' "$results") == eof.honest:* ]]
	[[ $(jq -r '.tests[].status' "$results" | sort -u) == passed ]]
	printf '#!/bin/sh\nexit 1\n' >"$AUTOGRADER/ipclabs/grader/rig"
	run -0 "$AUTOGRADER/source/run_autograder"
	[[ $(jq -c '[has("score"), has("tests"), (.output | contains("no mark"))]' "$results") == '[false,false,true]' ]]
}

@test "Gradescope: as in a container that refuses namespaces and ptrace, with less evidence, and no point won or lost without" {
	[[ $(id -u) == 0 ]] || skip 'only root has capabilities to give up'
	autograder "$KIT/labs/$lab"
	# What Docker leaves to root; the programs' user is another one, whom root may then not trace.
	run -0 setpriv --inh-caps -all --bounding-set \
		-all,+chown,+dac_override,+fowner,+fsetid,+kill,+setgid,+setuid,+setpcap,+net_bind_service,+net_raw,+sys_chroot,+mknod,+audit_write,+setfcap \
		"$AUTOGRADER/source/run_autograder"
	[[ $(jq -r .output "$results") == *'refuses namespaces'*'refuses ptrace'*'Only '*' points could be checked here'* ]]
	[[ $(jq -c '[.score == ([.tests[].max_score] | add), ([.tests[] | select(.status == "failed")] | length), ([.tests[] | select(.status == "passed")] | length > 2)]' "$results") == '[true,0,true]' ]]
}

@test "Classroom: the reporter's form, partial credit, and no command to the runner among what a student prints" {
	mkdir "$BATS_TEST_TMPDIR/v"
	cat >"$BATS_TEST_TMPDIR/v/eof.c" <<-'C'
		#include <stdio.h>
		int main(void) { puts("::error::x\n##[set-env]\n::stop-commands::a"); return 3; }
	C
	cp "$KIT/labs/$lab/lost_eof.c" "$BATS_TEST_TMPDIR/v"
	run -0 --separate-stderr "$grader/classroom/classroom-grade" 3 "$BATS_TEST_TMPDIR/v"
	[[ ${#lines[@]} == 1 && $output == result=* ]]
	# shellcheck disable=SC2154
	[[ $stderr != *'::'* && $stderr != *'##['* ]]
	base64 -d <<<"${output#result=}" >"$BATS_TEST_TMPDIR/result"
	jq . "$BATS_TEST_TMPDIR/result"
	[[ $(jq -c '[.version, .status, .max_score, ([.tests[].score] | add)]' "$BATS_TEST_TMPDIR/result") == '[1,"fail",29,4]' ]]
	[[ $(jq -r '.tests[].message' "$BATS_TEST_TMPDIR/result") == *': :error'* ]]
	run -1 grep -qE '::|##\[' "$BATS_TEST_TMPDIR/result"
}

@test "watch grades again on each save, and ends on Ctrl-C" {
	command -v entr >/dev/null || skip 'needs entr'
	mkdir "$BATS_TEST_TMPDIR/v"
	cp "$KIT/tests/variants/$lab"/starter/*.c "$BATS_TEST_TMPDIR/v"
	local line seen=0
	coproc WATCH { exec "$grader/watch" "$KIT/labs/$lab" "$BATS_TEST_TMPDIR/v" </dev/null 2>&1 3>&-; }
	local pid=$WATCH_PID
	while IFS= read -r line <&"${WATCH[0]}"; do
		[[ $line == *"$lab: "*' points'* ]] || continue
		seen=$((seen + 1))
		[[ $seen == 1 ]] || break
		cp "$KIT/labs/$lab"/*.c "$BATS_TEST_TMPDIR/v"
	done
	kill "$pid"
	echo "$line"
	[[ $line == *'29 of 29 points'* || $seen == 2 ]]
}

@test "twins: other names are no disguise, what everybody was given does not count" {
	command -v sim_c >/dev/null || skip 'needs sim_c, of similarity-tester'
	local c=$BATS_TEST_TMPDIR/c
	mkdir -p "$c"/{ann,bob,eve,joe}
	cp "$KIT/tests/variants/$lab/good/poll-loop/eof.c" "$c/ann"
	sed 's/\<n\>/count/g; s/\<buf\>/text/g; s/^/    /' "$c/ann/eof.c" >"$c/bob/eof.c"
	cp "$KIT/labs/$lab"/*.c "$c/eve"
	cp "$KIT/labs/$lab"/*.c "$c/joe"
	run -0 "$grader/twins" $lab "$c"
	echo "$output"
	[[ $output == *ann*bob*'1 pairs to look at'* && $output != *eve* ]]
	[[ -s $c/twins/ann--bob.txt ]]
}
