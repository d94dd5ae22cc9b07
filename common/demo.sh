# shellcheck shell=bash
# common/demo.sh - what every lab's demo.sh uses to show its programs. Sourced, not run.
#
#     . "$(dirname "$0")/../../common/demo.sh"
#     scene "eof: the writer closes, the reader sees the end"
#     predict 1
#     show eof
#
# The programs are taken from $BUILD/NN-name (BUILD is ./build of the kit unless the environment
# says otherwise). STEP=1 in the environment makes predict wait for the Enter key.
set -euo pipefail

lab_dir=$(cd "$(dirname "$0")" && pwd)
kit_dir=$(cd "$lab_dir/../.." && pwd)
bin_dir=${BUILD:-$kit_dir/build}/${lab_dir##*/}

# Two runs at once must not meet, and the next run must find what a killed one left behind: each run takes the first
# free place, and the lock on its file lasts as long as the last of its processes. PX_IPC_NAME in the environment is
# a place of one's own.
take_a_place() {
	local place=0 user places
	[[ -z ${PX_IPC_NAME:-} ]] || return 0
	user=$(id -u)
	places=/tmp/ipclab-$user
	export PX_IPC_NAME=/ipclab-$user-0-
	command -v flock >/dev/null || return 0
	[[ -d $places ]] || mkdir -m 700 "$places" 2>/dev/null || true
	[[ -d $places && -O $places && ! -L $places ]] || {
		echo "${0##*/}: $places: not a directory of yours" >&2
		exit 1
	}
	while :; do
		exec 8>"$places/$place"
		flock -n 8 && break
		place=$((place + 1))
	done
	PX_IPC_NAME=/ipclab-$user-$place-
}

# Colours only where a person looks on: a terminal, and NO_COLOR is not set (no-color.org).
if [[ -t 1 && -z ${NO_COLOR:-} && ${TERM:-dumb} != dumb ]]; then
	colour=yes bold=$'\e[1m' yellow=$'\e[33m' plain=$'\e[0m'
else
	colour=no bold='' yellow='' plain=''
fi

# The role before the colon: one colour for whoever reads or looks on, another for whoever writes.
# (Ctrl-C is for the programs: their last words still come through.)
paint() {
	trap '' INT
	sed -u -E \
		-e $'s/^(parent|reader|server|monitor)[^:]*:/\e[36m&\e[0m/' \
		-e $'s/^(child|writer|client)[^:]*:/\e[35m&\e[0m/'
}

first_scene=yes

# scene TITLE: the headline of what comes next.
scene() {
	[[ $first_scene == yes ]] || echo
	first_scene=no
	printf '%s%s%s\n' "$bold" "$1" "$plain"
}

# predict N: with STEP=1, ask question N of the lab sheet's section "Predict" and wait for Enter.
predict() {
	[[ ${STEP:-0} == 1 ]] || return 0
	printf '\n%s? ' "$yellow"
	awk -v n="$1" '
		/^## / { in_section = ($0 == "## Predict") }
		in_section && /^[0-9]+\./ { mine = ($1 == n ".") ; sub(/^[0-9]+\. */, "") }
		in_section && mine && NF { sub(/^ +/, ""); print }
	' "$lab_dir/README.md"
	printf '%s  (Enter) ' "$plain"
	read -r _ || true
	echo
}

# show PROGRAM [ARGUMENT]...: run one of the lab's programs in the foreground.
# Its exit status is that of show, which ends the demo if it is not 0.
show() {
	local program=$1
	shift
	if [[ $colour == yes ]]; then
		"$bin_dir/$program" "$@" | paint
	else
		"$bin_dir/$program" "$@"
	fi
}

# ---- programs that run beside the demo ----

# conduct: for a lab whose demo.sh starts programs beside itself, prints their lines, and so knows how far each has come.
# Whatever ends the demo, they end too. A function clean, if there is one, is called at the end.
conduct() {
	declare -gA pid=() lines=()
	# The pipe "alive" ends with this script, even if SIGKILL ends it.
	exec {alive}> >(
		trap '' INT TERM
		while read -r program; do programs+=("$program"); done
		[[ -z ${programs[*]-} ]] || kill "${programs[@]}" 2>/dev/null
	)
	trap finish EXIT
	trap 'exit 130' INT
	trap 'exit 143' TERM
	trap '' PIPE # a program that has ended takes no more steps: hear says so
}

finish() {
	local program
	trap '' INT TERM
	for program in "${!lines[@]}"; do
		kill "${pid[$program]}" 2>/dev/null || true
		ended "$program"
	done
	! declare -F clean >/dev/null || clean
}

# say LINE: a line of the story.
say() {
	if [[ $colour == yes ]]; then paint <<<"$1"; else echo "$1"; fi
}

# start PROGRAM [ARGUMENT]...: run it beside the demo.
start() {
	local fd
	exec {fd}< <(
		echo "$BASHPID" >&"$alive"
		[[ -z ${steps:-} ]] || exec {steps}>&-
		exec "$bin_dir/$1" "${@:2}" {alive}>&- </dev/null
	)
	pid[$1]=$! lines[$1]=$fd
}

# start_stepwise PROGRAM: the same, with a pipe to its stdin; one at a time.
start_stepwise() {
	local fd
	coproc { exec "$bin_dir/$1" {alive}>&-; }
	exec {fd}<&"${COPROC[0]}" {steps}>&"${COPROC[1]}"
	pid[$1]=$COPROC_PID lines[$1]=$fd
}

# step PROGRAM: send it a line, and print what it says to that.
step() {
	{ echo >&"$steps"; } 2>/dev/null || true
	hear "$1"
}

# hear PROGRAM [PATTERN]: print the next line of the program; it must match the pattern.
hear() {
	local line
	if ! IFS= read -r -u "${lines[$1]}" line; then
		echo "demo: the $1 has ended too soon" >&2
		return 1
	fi
	say "$line"
	# shellcheck disable=SC2053 # a pattern indeed
	[[ $line == ${2:-*} ]]
}

# ended PROGRAM: print what it has still to say, and wait for its end.
ended() {
	local fd=${lines[$1]} line
	unset "lines[$1]"
	while IFS= read -r -u "$fd" line; do say "$line"; done
	exec {fd}<&-
	{ wait "${pid[$1]}" || true; } 2>/dev/null
}

# asleep PROGRAM: wait until the kernel has put it to sleep.
asleep() {
	local stat
	until read -r stat <"/proc/${pid[$1]}/stat" && [[ $stat == *") S "* ]]; do
		kill -0 "${pid[$1]}" || return
	done 2>/dev/null
	say "demo: the $1 sleeps (state S in /proc)"
}

take_a_place
