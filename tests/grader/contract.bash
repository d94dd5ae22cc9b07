# shellcheck shell=bash
# contract.bash - what the contracts are written with. A contract is a bats file; each of its tests is one check.
#
#     load ../grader/contract
#     lab 03-pipe-eof
#
#     @test "eof.end [2] the end of file is a real read() that returned 0" {
#         uses eof                                     # its programs; they must have been built
#         needs eof.bytes                              # "not checked because" unless that one passed
#         rule 'read() returns 0 once the last write end is closed'
#         hint 'print the line after read() has returned 0, not before'
#         stage                                        # a fresh sandbox
#         start eof "$(word 1)"
#         ends eof 0
#         traced '...' || fail 'no read() of the pipe returned 0'
#     }
#
# The title is "ID [POINTS] what is checked". The variant is the directory VARIANT (the lab's own by default), its random
# words come from SEED. With RESULTS=DIR each check leaves DIR/ID.json: that is how tests/grader/grade knows.

KIT=$(cd "$BATS_TEST_DIRNAME/../.." && pwd)
GRADER=$KIT/tests/grader
: "${BUILD:=$KIT/build}" "${SEED:=1}"
bats_require_minimum_version 1.5.0

# lab NN-name: the lab that this contract is of. Once, at the top of the file.
lab() {
	LAB=$1
	: "${VARIANT:=$KIT/labs/$LAB}"
}

setup_file() {
	# The programs of the variant, each with what the compiler said; grade may have built them already.
	if [[ -z ${BUILT:-} ]]; then
		export BUILT=$BATS_FILE_TMPDIR/built
		"$GRADER/build-variant" "$KIT/labs/$LAB" "$VARIANT" "$BUILT" 3>&-
	fi
	export RESULTS=${RESULTS:-$BATS_FILE_TMPDIR/results}
	mkdir -p "$RESULTS"
}

setup() {
	check_id=${BATS_TEST_DESCRIPTION%% *}
	check_rule='' check_hint='' check_sheet=Contract check_skip='' check_broken=''
	check_evidence=$BATS_TEST_TMPDIR/evidence
	: >"$check_evidence"
	stages=0
	return 0
}

# What became of the check, for the report. Nothing here comes from where a variant could have written.
teardown() {
	local verdict=fail
	end_stage
	if [[ -n $check_broken ]]; then
		verdict=broken
	elif [[ -n $check_skip || -e $BATS_TEST_TMPDIR/untraceable ]]; then
		verdict=skipped
	elif [[ -n ${BATS_TEST_COMPLETED:-} ]]; then
		verdict=pass
	fi
	[[ $verdict == fail && ! -s $check_evidence ]] && echo 'the check ended early: see the output of bats' >"$check_evidence"
	jq -n --arg id "$check_id" --arg verdict "$verdict" --arg title "${BATS_TEST_DESCRIPTION#*] }" \
		--argjson points "$(sed -n 's/^[^ ]* \[\([0-9]*\)\].*/\1/p' <<<"$BATS_TEST_DESCRIPTION")" \
		--arg rule "$check_rule" --arg hint "$check_hint" --arg sheet "$check_sheet" \
		--rawfile evidence "$check_evidence" --argjson number "$BATS_TEST_NUMBER" \
		'{id: $id, title: $title, verdict: $verdict, points: (if $verdict == "pass" then $points else 0 end),
		  max_points: $points, rule: $rule, evidence: ($evidence | rtrimstr("\n")), hint: $hint, sheet: $sheet, number: $number}' \
		>"$RESULTS/$check_id.json"
}

# ---- what a check says of itself ----

rule() { check_rule=$*; }
hint() { check_hint=$*; }
sheet() { check_sheet=$*; } # the section of the lab sheet, if it is not Contract

# fail WHAT WAS SEEN: the check has failed.
fail() {
	tr -c '[:print:]\n' '?' <<<"$*" | head -c 2000 | tee -a "$check_evidence"
	return 1
}

# broken WHY: the rig has failed, nobody is to blame.
broken() {
	check_broken=yes
	fail "$@"
}

# unchecked WHY: this machine cannot check it.
unchecked() {
	check_skip=yes
	printf '%s\n' "$*" >"$check_evidence"
	skip "$*"
}

# needs ID...: no use to check this if those have not passed. A check that is run alone needs nothing.
needs() {
	local id verdict
	for id in "$@"; do
		[[ -f $RESULTS/$id.json ]] || continue
		verdict=$(jq -r .verdict "$RESULTS/$id.json")
		case $verdict in
		pass) ;;
		skipped) unchecked "$(jq -r .evidence "$RESULTS/$id.json")" ;; # for the same reason
		*) unchecked "not checked because $id has not passed" ;;
		esac
	done
}

# uses PROGRAM...: the variant must have them.
uses() {
	local program
	check_rule='The programs of the lab are there, and compile.' check_hint='See what the compiler says.'
	for program in "$@"; do
		[[ -x $BUILT/$program ]] ||
			fail "$program: $(head -c 2000 "$BUILT/$program.log" 2>/dev/null || echo "there is no $program.c")"
	done
}

# word N [LENGTH]: a word of letters (8; at most 64), another for each SEED, check and N.
word() {
	printf '%s' "$SEED $check_id $1" | sha256sum | tr 'a-f0-9' 'g-v' | head -c "${2:-8}"
}

# number N LOW HIGH: a number of that range, another for each SEED, check and N.
number() {
	local hash
	hash=$(printf '%s' "$SEED $check_id $1" | sha256sum)
	echo $((16#${hash:0:7} % ($3 - $2 + 1) + $2))
}

# next_letters TEXT: what the rule "poke" makes of it.
next_letters() { tr 'a-zA-Z' 'b-zaB-ZA' <<<"$*"; }

# ---- the rig ----

# Without ptrace(2) (PTRACE=no) the rig starts programs, sees their end and what they print, and nothing else.
by_tracing() {
	[[ ${PTRACE:-yes} == yes ]] && return
	: >"$BATS_TEST_TMPDIR/untraceable" # for teardown: this may be a subshell
	unchecked 'this machine refuses ptrace(2): nobody can see or bend the system calls here'
}

# rig WORD...: one command to the rig (tests/grader/rig/main.c lists them). What it answers is in $answer.
rig() {
	local line
	case "$1 ${2:-}" in
	'until exit' | 'until says') ;;
	until* | rule* | order* | split* | holders* | waiting*) by_tracing ;;
	esac
	printf -v line '%s\x1f' "$@"
	{ printf '%s\n' "${line%$'\x1f'}" >&"${RIG[1]}"; } 2>/dev/null || broken "the rig is gone: ${answer:-}"
	IFS= read -r answer <&"${RIG[0]}" || broken "the rig is gone after \"$*\": $(cat "$STAGE/rig.err")"
	case $answer in
	ok*) answer=${answer#ok} answer=${answer# } ;;
	no*) answer=${answer#no} answer=${answer# } && return 1 ;;
	*) broken "the rig: $answer" ;;
	esac
}

# The rig ends with its stdin, the sandbox and all in it with the rig.
end_stage() {
	local stdin=${RIG[1]:-}
	[[ -n ${RIG_PID:-} ]] || return 0
	[[ -z $stdin ]] || exec {stdin}>&-
	wait "$RIG_PID" 2>/dev/null || true
	[[ -z ${room:-} ]] || rm -rf "$room"
}

# stage: a fresh sandbox. /lab has the variant's programs, /kit the lab's own, /peer the grader's ill-behaved ones.
stage() {
	local options=()
	end_stage
	stages=$((stages + 1))
	STAGE=$BATS_TEST_TMPDIR/stage.$stages
	mkdir -p "$STAGE"
	if [[ ${SANDBOX:-yes} == no ]]; then
		options=(-n)
		room=$(mktemp -d /tmp/ipcgrade-room.XXXXXX) # instead of a /tmp and a /home of its own
		chmod 1777 "$room"
	fi
	coproc RIG {
		exec 3>&-
		[[ -z ${room:-} ]] || { export TMPDIR=$room && cd "$room" || exit 1; }
		exec "$BUILD/grader/rig" "${options[@]}" -d "$STAGE" -k "$BUILD/grader/keeper" -b "$BUILT=/lab" \
			-b "$BUILD/grader/kit/$LAB=/kit" -b "$BUILD/grader/peers=/peer" 2>"$STAGE/rig.err"
	}
	# shellcheck disable=SC2153
	IFS= read -r answer <&"${RIG[0]}" || broken "no rig: $(cat "$STAGE/rig.err")"
	[[ $answer == 'ok ready' ]] || broken "no rig: $answer $(cat "$STAGE/rig.err")"
	[[ ${PTRACE:-yes} == yes ]] || rig trace off
	[[ ${SANDBOX:-yes} == yes ]] || names "/ipcgrade-$$-"
}

# names PREFIX: the PX_IPC_NAME of the programs started from now on; "$(path NAME)" is then their px_ipc_path(NAME).
names() {
	PREFIX=$1
	rig env PX_IPC_NAME "$1"
}
path() {
	if [[ ${SANDBOX:-yes} == yes ]]; then echo "/tmp$PREFIX$1"; else echo "$room$PREFIX$1"; fi
}

# keep NAME: other checks look at this stage, too, in place of one of their own.
# kept NAME: is there one? Then what was seen in it, until the next stage.
keep() { ln -sfn "$STAGE" "$BATS_FILE_TMPDIR/kept.$1"; }
kept() { [[ -d $BATS_FILE_TMPDIR/kept.$1 ]] && STAGE=$BATS_FILE_TMPDIR/kept.$1; }

# start PROGRAM ARG...: start the variant's program, under its own name.
start() { start_as "$1" "/lab/$1" "${@:2}"; }

# start_as NAME /DIRECTORY/PROGRAM ARG...: start any program, under this name.
start_as() {
	if [[ ${SANDBOX:-yes} == no ]]; then
		set -- "${@/#\/lab\//$BUILT/}" # the program, and in an argument the one that it starts
		set -- "${@/#\/kit\//$BUILD/grader/kit/$LAB/}"
		set -- "${@/#\/peer\//$BUILD/grader/peers/}"
	fi
	rig start "$@"
}

# ends NAME [STATUS]: it ends, with that exit status (0), or the check has failed; a deadlock is told by who waits for whom.
ends() {
	rig until exit "$1" || fail "$1 does not end: $answer"
	[[ $answer == "exit status ${2:-0}" ]] || fail "$1: $answer, not exit status ${2:-0}; it printed: $(printed "$1")"
}

# ends_badly NAME [CALL]: it ends by itself with a status that is not 0 (or of the SIGPIPE that its other half's end brings),
# and somebody says something on stderr. CALL is the call that failed, and how.
ends_badly() {
	rig until exit "$1" || fail "$1 does not end: $answer${2:+, after a call that failed: $2}"
	[[ $answer == 'exit status '* && $answer != 'exit status 0' || $answer == 'killed by SIGPIPE' ]] ||
		fail "$1: $answer after a call that failed${2:+: $2}"
	[[ -s $STAGE/$1.err ]] || fail "$1: $answer, but not a word on stderr about the call that failed${2:+: $2}"
}

# refused ERRNO CALLS: the first call that was made to fail, as "write() on pipe:A with EIO"; if there is none, status 1.
refused() {
	traced 'err == want && call ~ "^(" calls ")$" { print call "()" (on != "" ? " on " on : "") " with " err; found = 1; exit }' \
		want="$1" calls="${2//,/|}"
}

# fault CALLS[/ON][@N] ERRNO PROGRAM ARG...: when such a call fails, the program says so and ends badly. A program that
# makes no such call has nothing to check.
fault() {
	local call
	stage
	rig rule any "$1" fail "$2"
	start "${@:3}"
	if rig until exit "$3"; then :; fi
	call=$(refused "$2" "${1%%[/@]*}") || return 0
	ends_badly "$3" "$call"
}

# ---- looking at what was seen ----

# printed NAME: the last lines of its output and of its stderr, harmless, on one line.
printed() {
	{ tail -n 4 "$STAGE/$1.out" && tail -n 2 "$STAGE/$1.err" | sed '1s/^/on stderr: /'; } | cut -c 1-200 | tr '\n' '|' | tr -c '[:print:]' '?' | head -c 600
}

# said NAME REGEXP: is there a line of its output that the extended regexp fits? (In the middle too: words may differ.)
said() { tr -d '\r' <"$STAGE/$1.out" | grep -aqE -- "$2"; }

# lines_of NAME: the lines of its output, sorted, each number as N: pids, and what else may vary.
lines_of() { tr -d '\r' <"$STAGE/$1.out" | sed -E 's/[0-9]+/N/g' | LC_ALL=C sort; }

# must_say NAME REGEXP AS: the same, or the check has failed; AS is the line as the lab sheet has it.
must_say() { said "$1" "$2" || fail "$1 does not print: ${3:-$2}; it printed: $(printed "$1")"; }

# must_not_say NAME REGEXP WHY
must_not_say() { ! said "$1" "$2" || fail "${3:-$1 prints \"$2\"}; it printed: $(printed "$1")"; }

# figure NAME REGEXP: the first number that REGEXP's only group catches in its output, into $figure.
figure() {
	figure=$(tr -d '\r' <"$STAGE/$1.out" | sed -nE "s/.*$2.*/\\1/p" | head -n 1)
	[[ -n $figure ]] || fail "$1 does not print: ${3:-$2}; it printed: $(printed "$1")"
}

# traced AWK [VARIABLE=VALUE]...: runs the awk program over the trace of this stage. In it, of each line: pid, who, call,
# ret (a number), on (the object) and get("name"), data() for the bytes; kind() is "read" or "write" for every call that
# moves bytes in or out. It ends with status 0 if "found" was set, else with 1, and what it prints goes to stdout.
traced() {
	local program=$1 status=0
	by_tracing
	shift
	awk "${@/#/-v}" "$(<"$GRADER/trace.awk")"$'\n'"$program"$'\nEND { exit !found }' "$STAGE/trace" || status=$?
	[[ $status -le 1 ]] || broken "awk: status $status"
	return "$status"
}

# not_waited_for: the children of every program of this stage that nobody waited for, one a line.
not_waited_for() {
	traced 'call == "born" && get("parent") != pid { parent[pid] = get("parent"); of[pid] = who }
		call ~ /^wait/ && ret > 0 { delete parent[ret] }
		call == "waitid" && ret == 0 { delete parent[get("pid")]; waited_by[pid] = 1 }
		call == "rt_sigaction" && get("sig") == "SIGCHLD" && data() == "SIG_IGN" { ignores[pid] = 1 }
		END { for (p in parent) if (!(parent[p] in ignores) && !(parent[p] in waited_by)) print "pid " p " (" of[p] ")" }' || :
}

# all_waited_for: or the check has failed.
all_waited_for() {
	local orphans
	by_tracing
	orphans=$(not_waited_for)
	[[ -z $orphans ]] || fail "nobody waited for $orphans"
}

# nothing_left: no object, no file, no process is left in the sandbox, or the check has failed.
nothing_left() {
	rig left
	[[ ! -s $STAGE/left ]] || fail "left behind: $(head -n 5 "$STAGE/left" | tr '\n' ';' | tr -c '[:print:]' '?')"
}
