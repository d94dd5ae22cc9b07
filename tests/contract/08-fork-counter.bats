#!/usr/bin/env bats
# The contract of lab 8, a lost update: what any racy and locked must do.
load ../grader/contract
lab 08-fork-counter

# begin: a fresh sandbox, with a name of its own for the semaphore.
begin() {
	stage
	names "/$(word names)-"
	semaphore=${PREFIX}counter
}

# run_it PROGRAM ORDER [TIMES]: one run, to its end.
run_it() {
	begin
	rig order "$2"
	start "$1" "${@:3}"
	ends "$1"
}

how() { [[ $1 == child || $1 == parent ]] && echo "with a late $1" || echo "in a plain run"; }

# figures PROGRAM: what its line says, into $counter, $expected and $lost.
figures() {
	local line='.*counter is (-?[0-9]+),? .*expected (-?[0-9]+)[^0-9-]* (-?[0-9]+) updates? lost.*'
	read -r counter expected lost < <(tr -d '\r' <"$STAGE/$1.out" | sed -nE "s/$line/\\1 \\2 \\3/p") ||
		fail "$1 does not print: parent: counter is N, expected M: K updates lost; it printed: $(printed "$1")"
	[[ $(tr -d '\r' <"$STAGE/$1.out" | grep -acE "$line") == 1 ]] || fail "$1 prints its line more than once: $(printed "$1")"
}

# adds_up TIMES [WHEN]: the figures agree with each other.
adds_up() {
	[[ $expected == $((2 * $1)) ]] || fail "${2:+$2: }with TIMES $1 $((2 * $1)) is expected, not $expected"
	[[ $lost == $((expected - counter)) ]] || fail "${2:+$2: }of $expected, $counter are there, so $((expected - counter)) are lost, not $lost"
}

# find_counter PROGRAM [keep]: where it is; in a fresh sandbox, or in that of before.
find_counter() {
	[[ ${2:-} == keep ]] || begin
	rig counter "$1" "$SEED" "$(inside "$1")" || case $answer in
	*refused*) unchecked "this machine has no debug registers for us: $answer" ;;
	*'no counter'*) fail 'in the memory that the processes share, no word has counted: is the counter a variable that fork() copies?' ;;
	*) fail "$1 does not end: $answer" ;;
	esac
	which_counter "$1"
}

# which_counter PROGRAM: of several words that both processes have counted up, the counter is the one that is printed.
which_counter() {
	local nth candidates
	candidates=$(of candidates)
	[[ $candidates -gt 1 ]] || return 0
	for ((nth = 1; nth <= candidates; nth++)); do
		rig choose "$nth" || broken "$answer"
		rig split "$1" add 20 "$SEED" "$(inside "$1")" || continue
		figures "$1"
		[[ $counter != "$(of final)" ]] || return 0
	done
}

# split PROGRAM HOW TIMES: run it so, and what the rig says about it into $answer.
split() {
	rig split "$1" "$2" "$3" "$SEED" "$(inside "$1")" || case $answer in
	*refused*) unchecked "this machine can neither watch nor step: $answer" ;;
	*) fail "$1 does not end when it is interrupted between load and store: ${answer#* method=* }" ;;
	esac
}

inside() { [[ ${SANDBOX:-yes} == yes ]] && echo "/lab/$1" || echo "$BUILT/$1"; }

# of NAME: the number that the rig has told, lost=N, final=N.
of() { sed -E "s/.*[ ,]$1=([0-9]+).*/\\1/" <<<" $answer"; }

# true_figure PROGRAM COUNTER WHEN: it prints what the counter is.
true_figure() {
	figures "$1"
	[[ $counter == "$2" ]] || fail "$3the counter is $2, and $1 prints $counter"
}

# waits_before_it_prints PROGRAM: with the child held at its very end the line has not come yet.
waits_before_it_prints() {
	begin
	rig rule "$1.child" exit_group hold
	start "$1" 20
	if rig until quiet; then :; fi
	traced 'call == "held" { found = 1 }' || return 0 # no child, which is told elsewhere
	! grep -aq 'counter is' "$STAGE/$1.out" || fail "the child has not ended yet, and the parent prints its line: $(printed "$1")"
}

# death PROGRAM: one of the two is killed between its load and its store; the other one must end.
death() {
	local who
	find_counter "$1"
	for who in child first; do
		rig split "$1" "kill-$who" 20 "$SEED" "$(inside "$1")" || case $answer in
		*refused*) unchecked "this machine can neither watch nor step: $answer" ;;
		*) fail "the ${who/first/parent} was killed between its load and its store, and the other one lives on: ${answer#* method=* }" ;;
		esac
	done
}

# error_checks PROGRAM: calls that fail, one after another.
error_checks() {
	local calls
	for calls in open,openat/sem. mmap@1 mmap@2 shmget shmat ftruncate fork,vfork,clone,clone3@1; do
		fault "$calls" "$(case $calls in open*) echo EACCES ;; fork*) echo EAGAIN ;; ftruncate) echo EIO ;; *) echo ENOMEM ;; esac)" "$1" 2
		if traced 'call == "killed" && get("sig") ~ /SEGV|BUS|ABRT/ { print "pid " pid " was killed by " get("sig"); found = 1 }' >"$STAGE/why"; then
			fail "when ${calls%%[/@]*}() failed $(<"$STAGE/why")"
		fi
	done
}

@test "racy.line [3] it ends, and its figures follow TIMES and each other" {
	uses racy
	rule 'M is twice TIMES, and K is M - N.'
	hint 'printf("parent: counter is %d, expected %ld: %ld updates lost\n", ...), once, at the end.'
	local times
	for times in "$(number 1 30 60)" ''; do
		run_it racy calm ${times:+"$times"}
		figures racy
		adds_up "${times:-20}"
	done
}

@test "racy.shared [3] the counter is in memory that both share, and is printed as it is" {
	uses racy
	needs racy.line
	rule 'N is what the counter holds when both have done all their increments.'
	hint 'mmap() with MAP_SHARED before fork(); print the counter after wait().'
	waits_before_it_prints racy
	find_counter racy
	split racy add 20
	true_figure racy "$(of final)" "when 1000 were added to it in flight: "
}

@test "racy.steps [3] both load it and store it, in two steps" {
	uses racy
	needs racy.shared
	rule 'What is stored is out of date if the other one has stored since the load.'
	hint 'int seen = counter; ...; counter = seen + 1; atomic_fetch_add() or ++ on an atomic_int is one step.'
	sheet Why
	local times
	times=$(number 1 20 40)
	find_counter racy
	if rig split racy poke "$times" "$SEED" "$(inside racy)"; then
		[[ $(of adders) -ge 2 ]] || fail 'only one process adds to the counter'
		[[ $(of wiped) -ge 2 ]] || fail "1000 was added to the counter between a load and the store that follows, $(of windows) times, and it was not wiped out by both processes: what is stored is not what was loaded, plus 1"
	else
		split racy any "$times"
		[[ $(of final) -lt $((2 * times)) ]] || fail "each process was interrupted before its store until the other one had stored, $(of windows) times, and no update was lost"
	fi
	figures racy
	adds_up "$times" 'interrupted between load and store'
}

@test "racy.loses [3] updates are lost in every run" {
	uses racy
	needs racy.steps
	rule 'A race that is left to chance mostly does not happen: it must be forced.'
	hint 'Who has loaded lets the other one come to the same point before it stores. A sleep() or a sched_yield() alone does not make sure.'
	sheet Why
	local order
	for order in child parent none; do
		run_it racy "$order" 100
		figures racy
		[[ $lost -ge 1 ]] || fail "$(how "$order"), TIMES 100: $lost updates lost"
	done
	find_counter racy
	for order in child parent; do
		rig split racy "late-$order" 20 "$SEED" "$(inside racy)" || return 0 # no debug registers
		figures racy
		[[ $lost == 0 || $(of lost) -ge 1 ]] ||
			fail "$(how "$order"), TIMES 20: $lost updates lost, but nobody has stored between another one's load and its store: not by a race"
	done
}

@test "racy.death [2] if one is killed, the other one does not live on" {
	uses racy
	needs racy.steps
	rule 'Nobody waits for the dead.'
	hint 'SIGCHLD, or waitpid() with WNOHANG, tells the parent; prctl(PR_SET_PDEATHSIG, SIGKILL) ends the child.'
	sheet Why
	death racy
}

@test "racy.error [1] a call that fails ends the program with a message" {
	uses racy
	needs racy.line
	rule 'The result of every system call is looked at.'
	hint 'if (shared == MAP_FAILED) err_sys("mmap");'
	error_checks racy
}

@test "racy.left [1] the child is waited for, and nothing is left" {
	uses racy
	needs racy.line
	rule 'A child that nobody waits for stays as a zombie, or outlives its parent.'
	hint 'wait(NULL) in the parent, before it prints.'
	run_it racy calm
	all_waited_for
	nothing_left
}

@test "locked.exact [3] no update is lost, in any order" {
	uses locked
	rule 'The counter is twice TIMES when both have done their increments, and not before.'
	hint 'sem_wait() before the load, sem_post() after the store; wait() before printf().'
	local order times
	waits_before_it_prints locked
	for order in calm child parent; do
		times=$(number "$order" 30 60)
		run_it locked "$order" "$times"
		figures locked
		adds_up "$times"
		[[ $lost == 0 ]] || fail "$(how "$order"), TIMES $times: $lost updates lost"
	done
}

@test "locked.named [2] a named semaphore, made under its name" {
	uses locked
	needs locked.exact
	rule 'It is a named semaphore, and its name is px_ipc_name("counter").'
	hint 'sem_open(px_ipc_name("counter"), O_CREAT | O_EXCL, 0600, 1)'
	run_it locked calm 2
	traced 'call ~ /^(link|linkat|open|openat|rename|renameat2)$/ && ret >= 0 && index($0, "path=/dev/shm/sem." name " ") { found = 1 }' name="${semaphore#/}" ||
		fail "no semaphore of the name $semaphore came into being; of those names there were: $(traced 'call ~ /^link/ {
			sub(/.* path=/, ""); sub(/ .*/, ""); print }' | sort -u | tr '\n' ' ')"
}

@test "locked.held [3] while somebody else has the semaphore, nothing goes on" {
	uses locked
	needs locked.named
	rule 'Who does not get the semaphore waits until it is given back, however long that takes.'
	hint 'Look at what sem_wait(), sem_trywait() and sem_timedwait() return: only 0 lets you in. The semaphore begins with the value 1.'
	local round
	for round in waits 'is told ETIMEDOUT'; do
		begin
		rig rule locked link,linkat@1 hold-after
		start locked "$(number 1 10 20)"
		rig until held || fail "it does not make a semaphore: $answer"
		start_as other /peer/fork_counter_sem "$semaphore" take
		rig until says other a || :
		rig until quiet || broken "$answer"
		said other taken || return 0 # it begins with 0, for now
		[[ $round == waits ]] || rig rule locked futex@1 fail ETIMEDOUT
		rig go locked
		if rig until quiet; then :; fi
		! traced '(call == "exited" && get("status") == 0 || call == "killed") && who == "locked" { found = 1 }' ||
			fail "somebody else has the semaphore, and locked ${round/waits/waits for it in vain,} and goes on to its end: $(printed locked)"
		[[ $round == waits ]] || return 0
		rig signal other SIGUSR1
		ends locked
		traced 'who ~ /^locked/ && call == "futex" && get("timeout") != 0 && get("op") ~ /[09]$/ { found = 1 }' || return 0
	done
}

@test "locked.split [3] no interruption between load and store loses an update" {
	uses locked
	needs locked.held
	rule 'Load, add and store of one process are over before the other one loads.'
	hint 'Both take the same semaphore before the load and give it back after the store.'
	sheet Why
	local times
	times=$(number 1 20 40)
	find_counter locked
	split locked any "$times"
	[[ $(of final) == $((2 * times)) ]] || fail "${answer#*; }; in the end the counter was $(of final), not $((2 * times))"
	[[ $(of adders) -ge 2 ]] || fail 'only one process adds to the counter'
	split locked add 20
	true_figure locked "$(of final)" "when 1000 were added to it in flight: "
}

@test "locked.death [2] if one is killed inside, the other one does not live on" {
	uses locked
	needs locked.split
	rule 'A semaphore knows no owner: if a process dies inside, nobody posts.'
	hint 'SIGCHLD, or waitpid() with WNOHANG between tries, tells the parent; prctl(PR_SET_PDEATHSIG, SIGKILL) ends the child.'
	sheet Why
	death locked
}

@test "locked.error [2] a call that fails ends the program with a message" {
	uses locked
	needs locked.exact
	rule 'The result of every system call is looked at; sem_open() says SEM_FAILED, mmap() MAP_FAILED.'
	hint 'if (sem == SEM_FAILED) err_sys("sem_open");'
	error_checks locked
}

@test "locked.stale [2] a semaphore that a killed run has left does no harm" {
	uses locked
	needs locked.split locked.error
	rule 'sem_open() with O_CREAT takes what is there, with the value that it has.'
	hint 'sem_unlink() the name first, or with O_EXCL at EEXIST.'
	local value
	begin
	for value in 0 2; do
		start_as "stale$value" /peer/fork_counter_sem "$semaphore" "$value"
		ends "stale$value" || broken 'no semaphore'
		start locked 20
		ends locked
		figures locked
		[[ $lost == 0 ]] || fail "a semaphore of the value $value was there: $lost updates lost"
	done
	find_counter locked keep
	start_as again /peer/fork_counter_sem "$semaphore" 2
	ends again
	split locked any 20
	[[ $(of final) == 40 ]] || fail "a semaphore of the value 2 was there${answer#*;}"
}

@test "locked.left [1] the child is waited for, and nothing is left" {
	uses locked
	needs locked.exact
	rule 'A semaphore that has a name stays until somebody takes the name away.'
	hint 'sem_unlink(), at once or at the end; wait(NULL) in the parent.'
	run_it locked calm
	all_waited_for
	nothing_left
}
