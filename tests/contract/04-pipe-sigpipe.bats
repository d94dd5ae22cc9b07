#!/usr/bin/env bats
# The contract of lab 4, a pipe that nobody reads: what any killed_writer and epipe_writer must do.
load ../grader/contract
lab 04-pipe-sigpipe

writes=write,writev,sendto
killed='[Kk]illed(.*[^0-9])?13([^0-9]|$)|[Kk]illed.*SIGPIPE'
exited='exited.*[0-9]'
denied="(^|[^a-z])(not?|never|would|should)([^a-z]|\$)|n't" # in lower or upper case: a line that says that it was not so

# For the awk programs, once for each line: a call that found nobody to read, on a pipe; splice() and its like have the
# pipe as either descriptor. A write() of which a part has gone in returns that, but its SIGPIPE comes all the same.
found_nobody='function found_nobody(   was_cut) {
	was_cut = cut[pid]
	cut[pid] = call == "write" && on_pipe() && ret > 0 && ret < get("count") + 0
	if (call ~ /^t?g?kill$/ && get("sig") == "SIGPIPE")
		sent = 1
	if (was_cut && call == "signal" && get("sig") == "SIGPIPE" && !sent)
		return 1
	return err == "EPIPE" && (kind() == "write" && on_pipe() || call ~ /^(splice|tee|sendfile)$/ && / on=(pipe|fifo):/)
}'

# run_it ORDER PROGRAM: one run of it, to its end; several checks look at the same one. A late child is the
# common order: the parent goes on after fork().
run_it() {
	kept "$2.$1" && return
	run_afresh "$@"
	keep "$2.$1"
}
run_afresh() {
	stage
	rig order "$1"
	start "$2"
	ends "$2"
}

# nobody_reads PROGRAM WHEN: a child's write() has found a pipe without a reader, or the check has failed.
nobody_reads() {
	traced "$found_nobody"' call == "born" { child[pid] = 1 } found_nobody() && pid in child { found = 1 }' ||
		fail "${2}no write() of a child on a pipe failed with EPIPE$(what_is_missing)$(who_could_read "$1")"
}

# what_is_missing: no pipe, no child, no write(). For a message only.
what_is_missing() {
	traced 'call ~ /^(pipe2?|mknod|mknodat)$/ && ret == 0 { pipe = 1 }
		call == "socketpair" && ret == 0 { sockets = 1 }
		call == "born" { child[pid] = children = 1 }
		on_pipe() && kind() == "write" && pid in child { wrote = 1 }
		END { if (!wrote) print !pipe ? "; no pipe was made" (sockets ? ", but a pair of sockets" : "") \
			: !children ? "; no child was made" : "; no child writes to a pipe" }' || :
}

# who_could_read PROGRAM: the program once more, to see who holds a read end when it writes. For a message only.
who_could_read() {
	local order wrote
	wrote=$(traced 'on_pipe() && kind() == "write" && ret > 0 { print "; pid " pid " wrote " ret " bytes, and " on " took them"; exit }') || :
	[[ -n $wrote ]] || return 0
	order=$(traced 'call == "late" { print "parent"; exit }') || :
	stage
	rig order "${order:-child}"
	rig rule child "$writes/pipe:" hold
	start "$1"
	if rig until held; then
		rig holders
		wrote+=$(awk '$2 ~ /r/ {printf "%s %s %s holds a read end", (n++ ? "," : ":"), $3, $4}' "$STAGE/holders")
	fi
	echo "$wrote"
}

# the_writer: the pid whose write() found nobody, of the last run.
the_writer() {
	traced "$found_nobody"' call == "born" { child[pid] = 1 }
		found_nobody() && pid in child && !found { print pid; found = 1 }'
}

# lines PROGRAM REGEXP: those lines of its output.
lines() { tr -d '\r' <"$STAGE/$1.out" | grep -aE -- "$2"; }

# must_not_tell PROGRAM LINES WHAT: one of these lines is printed again although something else has happened: a failure.
must_not_tell() {
	local line
	line=$(tr -d '\r' <"$STAGE/$1.out" | grep -aFx -- "$2" | head -n 1) || :
	[[ -z $line ]] || fail "$3, and $1 prints all the same: $line"
}

# kill_the_writers: any child that writes to a pipe is killed by SIGKILL at once.
kill_the_writers() {
	rig rule child "$writes/pipe:" kill SIGKILL
	rig rule child splice,tee,vmsplice,sendfile kill SIGKILL
}

@test "killed_writer.ends [2] killed_writer ends by itself, with status 0" {
	uses killed_writer
	rule 'The writer is killed, the process that reports is not: it has another pid and ends as usual.'
	hint 'A child writes, and its write() ends it, nobody else; the parent waits for it, and returns 0.'
	run_it child killed_writer
}

@test "killed_writer.write [3] a child writes to a pipe that nobody can read" {
	uses killed_writer
	needs killed_writer.ends
	rule 'write() fails with EPIPE only if no process at all has a read end open, the writer itself included.'
	hint 'Make a pipe, and let a child write to it. Who has fds[0] open by then? fork() copies the descriptors.'
	sheet Why
	run_it child killed_writer
	nobody_reads killed_writer ''
}

@test "killed_writer.killed [3] the SIGPIPE of this write() kills it" {
	uses killed_writer
	needs killed_writer.write
	rule 'With the default action the kernel kills the writer inside write(): it does nothing afterwards.'
	hint 'No raise(), no exit(13) or exit(141): signal(SIGPIPE, SIG_DFL), and write().'
	sheet Why
	run_it child killed_writer
	traced "$found_nobody"' found_nobody() { fatal[pid] = 1; last[pid] = ""; next }
		call == "killed" && get("sig") == "SIGPIPE" && fatal[pid] { found = 1 }
		call == "killed" || call == "exited" { how[pid] = call (call == "killed" ? " by " get("sig") : " with status " get("status")) }
		call != "signal" && call != "killed" && call != "exited" { fatal[pid] = 0; last[pid] = call }
		END { for (p in last) if (!found) print "after its EPIPE pid " p " " (last[p] != "" ? "went on to " last[p] "() and " : "") how[p] }' \
		>"$STAGE/how" ||
		fail "it was not the SIGPIPE of a write() that ended the writer: $(tr '\n' ';' <"$STAGE/how")"
}

@test "killed_writer.order [3] the same with a late parent" {
	uses killed_writer
	needs killed_writer.killed
	rule 'Which of two processes goes first after fork() is not defined: the read end must be closed before the write() in every order.'
	hint 'Close the read end before fork(), or let the writer wait for its close; a sleep() orders nothing.'
	sheet 'Break it'
	local told=''
	run_it child killed_writer
	! said killed_writer "$killed" || told=yes # if not, that is another check's matter
	run_it parent killed_writer
	nobody_reads killed_writer 'with a late parent '
	[[ -z $told ]] || must_say killed_writer "$killed" 'parent: ... killed ... 13 ..., with a late parent too'
}

@test "killed_writer.waited [2] the writer is waited for, and nothing is left" {
	uses killed_writer
	needs killed_writer.ends
	rule 'Only who waits for a child learns how it ended.'
	hint 'waitpid(writer, &status, 0) in the parent.'
	run_afresh child killed_writer
	all_waited_for
	nothing_left
}

@test "killed_writer.reports [2] the parent tells the signal" {
	uses killed_writer
	needs killed_writer.killed killed_writer.waited
	rule 'WIFSIGNALED tells a death by signal from an exit, WTERMSIG which signal it was.'
	hint 'printf("parent: writer was killed by signal %d\n", WTERMSIG(status));'
	run_it child killed_writer
	must_say killed_writer "$killed" 'parent: ... killed ... 13 ...'
}

@test "killed_writer.honest [3] what it tells is the status that it got" {
	uses killed_writer
	needs killed_writer.reports
	rule 'The parent knows from the status of waitpid(), from nowhere else.'
	hint 'Decode the status: WTERMSIG(status) if WIFSIGNALED(status), else WEXITSTATUS(status).'
	local told wrong
	run_it child killed_writer
	must_say killed_writer "$killed" 'parent: ... killed ... 13 ...'
	told=$(lines killed_writer "$killed")
	stage
	rig order child
	kill_the_writers
	start killed_writer
	if rig until exit killed_writer; then :; fi
	if ! traced 'call == "killed" && get("sig") == "SIGPIPE" { found = 1 }'; then
		must_not_tell killed_writer "$told" 'the writer was killed by signal 9 (SIGKILL)'
	fi
	stage
	rig order child
	rig rule child "$writes/pipe:@1" fail EIO
	start killed_writer
	if rig until exit killed_writer; then :; fi
	if traced 'err == "EIO" { found = 1 } call == "killed" { found = 0; exit }'; then
		wrong=$(lines killed_writer '[Kk]illed.*([0-9]|SIG)' | grep -aviE "$denied|exit" | head -n 1) || :
		[[ -z $wrong ]] || fail "the write() failed with EIO, the writer exited, and killed_writer prints: $wrong"
	fi
	stage
	rig order child
	rig rule first wait4,waitid fail ECHILD
	start killed_writer
	if rig until exit killed_writer; then :; fi
	if ! traced 'call == "signalfd4" || call == "rt_sigaction" && get("sig") == "SIGCHLD" && data() == "handler" { found = 1 }' &&
		traced 'call ~ /^wait/ && err == "ECHILD" { found = 1 }'; then
		must_not_tell killed_writer "$told" 'wait() failed with ECHILD, so there was no status'
	fi
}

@test "killed_writer.inherited [2] the same when it is started with SIGPIPE ignored, or blocked" {
	uses killed_writer
	needs killed_writer.reports
	rule 'An ignored or blocked signal stays so across fork() and exec().'
	hint 'signal(SIGPIPE, SIG_DFL), and sigprocmask(SIG_UNBLOCK, ...), in the writer.'
	sheet Why
	local how
	for how in ignored blocked; do
		stage
		rig order child
		start_as killed_writer /peer/inherit "$how" PIPE /lab/killed_writer
		ends killed_writer
		must_say killed_writer "$killed" "parent: ... killed ... 13 ..., when it is started with SIGPIPE $how"
		traced 'call == "killed" && get("sig") == "SIGPIPE" { found = 1 }' ||
			fail "started with SIGPIPE $how, no process was killed by it"
	done
}

@test "killed_writer.error [2] a call that fails ends the program with a message" {
	uses killed_writer
	needs killed_writer.write
	rule 'The result of every system call is looked at.'
	hint 'if (pipe(fds) == -1) err_sys("pipe");'
	fault pipe,pipe2@1 EMFILE killed_writer
	hint 'if ((writer = fork()) == -1) err_sys("fork");'
	fault fork,vfork,clone,clone3@1 EAGAIN killed_writer
}

@test "epipe_writer.ends [2] epipe_writer ends by itself, with status 0" {
	uses epipe_writer
	rule 'A write() that failed with EPIPE will fail for ever: the writer gives up.'
	hint 'Look at what write() returns, and leave the loop at -1.'
	run_it child epipe_writer
}

@test "epipe_writer.write [3] a child writes to a pipe that nobody can read" {
	uses epipe_writer
	needs epipe_writer.ends
	rule 'write() fails with EPIPE only if no process at all has a read end open, the writer itself included.'
	hint 'Make a pipe, and let a child write to it. Who has fds[0] open by then? fork() copies the descriptors.'
	sheet Why
	run_it child epipe_writer
	nobody_reads epipe_writer ''
}

@test "epipe_writer.survives [3] the writer survives and exits by itself" {
	uses epipe_writer
	needs epipe_writer.write
	rule 'If SIGPIPE is ignored, blocked or caught, write() returns -1 with errno EPIPE.'
	hint 'signal(SIGPIPE, SIG_IGN), in the writer or before fork().'
	sheet Why
	local writer how
	run_it child epipe_writer
	writer=$(the_writer)
	how=$(traced 'pid == writer && call == "killed" { print "was killed by " get("sig") } pid == writer && call == "exited" { found = 1 }' \
		writer="$writer") || fail "the writer, pid $writer, ${how:-did not exit}"
}

@test "epipe_writer.order [3] the same with a late parent" {
	uses epipe_writer
	needs epipe_writer.survives
	rule 'Which of two processes goes first after fork() is not defined: the read end must be closed before the write() in every order.'
	hint 'Close the read end before fork(), or let the writer wait for its close; a sleep() orders nothing.'
	sheet 'Break it'
	local told=''
	run_it child epipe_writer
	! said epipe_writer EPIPE || told=yes # if not, that is another check's matter
	run_it parent epipe_writer
	nobody_reads epipe_writer 'with a late parent '
	[[ -z $told ]] || must_say epipe_writer EPIPE 'writer: ... EPIPE ..., with a late parent too'
}

@test "epipe_writer.says [2] the writer tells EPIPE, and only when it was EPIPE" {
	uses epipe_writer
	needs epipe_writer.survives
	rule 'write() fails for many reasons: errno says which.'
	hint 'if (errno == EPIPE) printf("writer: write: %s (EPIPE)\n", strerror(errno)); else err_sys("write");'
	local wrong
	run_it child epipe_writer
	must_say epipe_writer EPIPE 'writer: ... EPIPE ...'
	stage
	rig order child
	rig rule child "$writes/pipe:" fail EIO
	start epipe_writer
	if rig until exit epipe_writer; then :; fi
	traced 'on_pipe() && kind() == "write" && err == "EIO" { found = 1 }' || return 0
	wrong=$(lines epipe_writer EPIPE | grep -aviE "$denied" | head -n 1) || :
	[[ -z $wrong ]] || fail "the write() failed with EIO, and epipe_writer prints all the same: $wrong"
}

@test "epipe_writer.waited [2] the writer is waited for, and nothing is left" {
	uses epipe_writer
	needs epipe_writer.ends
	rule 'Only who waits for a child learns how it ended.'
	hint 'waitpid(writer, &status, 0) in the parent.'
	run_afresh child epipe_writer
	all_waited_for
	nothing_left
}

@test "epipe_writer.reports [2] the parent tells the status of the writer" {
	uses epipe_writer
	needs epipe_writer.survives epipe_writer.waited
	rule 'WIFEXITED tells an exit from a death by signal, WEXITSTATUS the status of the exit.'
	hint 'printf("parent: writer exited with status %d\n", WEXITSTATUS(status)), if WIFEXITED(status).'
	local status wrong
	run_it child epipe_writer
	must_say epipe_writer "$exited" 'parent: ... exited ... N ...'
	status=$(traced 'pid == writer && call == "exited" { print get("status"); found = 1 }' writer="$(the_writer)")
	must_say epipe_writer "exited(.*[^0-9])?$status([^0-9]|\$)" "parent: ... exited ... $status ..., the true status"
	stage
	rig order child
	kill_the_writers
	start epipe_writer
	if rig until exit epipe_writer; then :; fi
	traced 'call == "killed" && get("sig") == "SIGKILL" { found = 1 }' || return 0
	wrong=$(lines epipe_writer "$exited" | grep -aviE "$denied|kill|signal" | head -n 1) || :
	[[ -z $wrong ]] || fail "the writer was killed by signal 9 (SIGKILL), and epipe_writer prints: $wrong"
}

@test "epipe_writer.file [1] no line comes twice in a file" {
	uses epipe_writer
	needs epipe_writer.order
	rule 'What stdio still holds at fork() is copied, and written twice.'
	hint 'setvbuf(stdout, NULL, _IOLBF, 0) at the start, or fflush(stdout) before fork().'
	stage
	rig order child
	start epipe_writer
	ends epipe_writer
	lines_of epipe_writer >"$BATS_TEST_TMPDIR/file"
	stage
	rig order child
	rig output terminal
	start epipe_writer
	ends epipe_writer
	lines_of epipe_writer >"$BATS_TEST_TMPDIR/terminal"
	LC_ALL=C comm -23 "$BATS_TEST_TMPDIR/file" "$BATS_TEST_TMPDIR/terminal" >"$STAGE/more"
	[[ ! -s $STAGE/more ]] || fail "a file has more lines than a terminal: $(head -n 3 "$STAGE/more" | tr '\n' '|')"
}

@test "epipe_writer.error [2] a call that fails ends the program with a message" {
	uses epipe_writer
	needs epipe_writer.write
	rule 'The result of every system call is looked at.'
	hint 'if (pipe(fds) == -1) err_sys("pipe");'
	fault pipe,pipe2@1 EMFILE epipe_writer
	hint 'if ((writer = fork()) == -1) err_sys("fork");'
	fault fork,vfork,clone,clone3@1 EAGAIN epipe_writer
}
