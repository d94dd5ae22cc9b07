#!/usr/bin/env bats
# The contract of lab 1, a full pipe: what any blocked_writer and drained_writer must do.
load ../grader/contract
lab 01-pipe-full
export LC_ALL=C # output may have any bytes

writes=write,writev,splice,tee,vmsplice,sendfile
polls=poll,ppoll,select,pselect6,epoll_wait,epoll_pwait
page=$(getconf PAGESIZE)
first_line='parent: pid N is blocked in write(), B bytes in the pipe'

# For the awk programs: bytes into the pipe, bytes out of it (splice() and tee() have it as either descriptor), and a
# line of the output with TEXT in it.
moves='
	function gives() { return on == pipe && (kind() == "write" || call == "sendfile") ||
		call ~ /^(splice|tee)$/ && $0 ~ / fd=.* fd=[0-9]+ on=pipe:/ }
	function takes() { return on == pipe && (kind() == "read" || call == "splice") }
	function tells(text) { return kind() == "write" && !on_pipe() && data() ~ text }'

# run_it PROGRAM: one run of it, with a CHUNK and a pipe of another size for each SEED; several checks look at it. Then
# $n is who slept first in write() or the like, $pipe on which pipe, $queued the bytes in it, $end how the program ended.
run_it() {
	local seen
	chunk=$(check_id=run number 1 $((page / 2 + 1)) $((page / 2 + 350)))
	if ! kept "$1"; then
		stage
		rig rule any pipe,pipe2 setpipe $((page << $(check_id=run number 2 0 2)))
		start "$1" "$chunk"
		if rig until blocked any "$writes,$polls" pipe:; then
			echo "$answer" >"$STAGE/seen"
			rig holders
		fi
		if rig until exit "$1"; then :; fi
		echo "$answer" >"$STAGE/end"
		rig left
		# The many looks into /proc are of no interest.
		grep -vE '^[0-9]+ [0-9]+ [^ ]+ (ioctl|.* (on|path)=/proc/)' "$STAGE/trace" >"$STAGE/trace.short"
		mv "$STAGE/trace.short" "$STAGE/trace"
		keep "$1"
	fi
	seen=" $(cat "$STAGE/seen" 2>/dev/null || :)"
	n=$(value pid "$seen") pipe=$(value on "$seen") queued=$(value queued "$seen") capacity=$(value capacity "$seen")
	end=$(<"$STAGE/end")
}

value() { sed -nE "s/.* $1=([^ ]+).*/\\1/p" <<<"$2"; }

# ended_well PROGRAM LAST: the run that run_it has shown did. If only its status is wrong, the rest is judged all the same:
# it has printed LAST.
ended_well() {
	[[ $end != 'exit status 0' ]] || return 0
	case $end in
	'exit status '*)
		rule 'Exit status 0 says that all went well, another one that something failed.'
		hint 'return 0 at the end of main(); if a call has failed, see what stands on stderr.'
		said "$1" "$2" && : >"$BATS_FILE_TMPDIR/whole.$1"
		;;
	polls* | spins*)
		rule 'A pipe may be full with fewer bytes in it than it can hold; the state of its writer does not lie.'
		hint 'Ask for the state of the writer (asleep in write()?), not for a number of bytes that may never come.'
		;;
	*"($1) waits in wait"*)
		[[ $1 == blocked_writer ]] || hint 'Read until the end of file first, and waitpid() then: the writer waits for a reader.'
		;;
	esac
	fail "$1 does not end with status 0: $end; it printed: $(printed "$1")"
}

# needs_end PROGRAM: no use to check more of one that does not end, or not with its last line.
needs_end() { [[ -e $BATS_FILE_TMPDIR/whole.$1 ]] || needs "$1.ends"; }

# tells_true PROGRAM: its line about the blocked process is what was seen.
tells_true() {
	[[ -n $n ]] || fail "nobody ever slept in write() on a pipe; it printed: $(printed "$1")"
	figure "$1" 'pid ([0-9]+) is blocked in write\(\)' "$first_line"
	[[ $figure == "$n" ]] || fail "it says that pid $figure is blocked in write(), but it was pid $n"
	figure "$1" 'blocked in write\(\)[^0-9]*([0-9]+) bytes? in the pipe' "$first_line"
	[[ $figure == "$queued" ]] ||
		fail "it says \"$figure bytes in the pipe\", but there were $queued, in a pipe of $capacity filled $chunk at a time"
}

# told_when_so PROGRAM: the writer is stopped before its first write(), then, in a run of its own, between two, with the pipe
# part full, until the other process waits or goes on asking. Its line must come when the pipe is full, and B be of then.
# (By SIGSTOP: one that is held at a call looks in /proc/PID/syscall as if it slept in it. Who read just that there, in a
# moment in which the rig had stopped the writer, has looked.)
told_when_so() {
	local nth when full
	run_it "$1"
	for nth in 1 3; do
		when=$([[ $nth == 1 ]] && echo 'before its first write()' || echo 'between two writes')
		stage
		rig rule any "$writes/pipe:@$nth" signal SIGSTOP
		start "$1"
		# (Twice: who falls asleep while the rig looks is once in a while taken for held.)
		if rig until quiet || rig until quiet; then :; fi
		traced "$moves"' call == "signalled" { held[pid] = 1 }
			kind() == "read" && on ~ /^\/proc\/.*\/syscall$/ && data() ~ /^[0-9]+ 0x/ { seen = 1 }
			call == "killed" && pid in held && !seen { found = 1 }
			tells("pid [0-9]+ is blocked in write") && !seen { split(substr(data(), index(data(), "pid ")), word, " "); if (word[2] in held) found = 1 }' &&
			fail "while the writer is stopped $when, it is told, or ended, as if it were blocked; printed: $(printed "$1")"
		# It goes on, and nobody looks until it sleeps in write().
		rig forget
		rig rule any open,openat,pread64,ioctl,wait4,waitid,nanosleep,clock_nanosleep hold
		rig rule any read//proc/ hold
		if rig signal any SIGCONT; then :; fi
		full=''
		if rig until blocked any "$writes,$polls" pipe:; then full=$(value queued " $answer"); fi
		# Its line comes before the first read(), if it is not kept back in a buffer.
		rig forget
		rig rule any read,readv,splice/pipe:@1 hold
		rig go any
		if rig until held; then :; fi
		rig forget
		if ! said "$1" 'is blocked in write'; then
			rig go any
			if rig until exit "$1"; then :; fi
		fi
		said "$1" 'is blocked in write' || continue # it took the stop for an end
		figure "$1" 'blocked in write\(\)[^0-9]*([0-9]+) bytes? in the pipe' "$first_line"
		[[ -z $full || $figure == "$full" ]] ||
			fail "after the writer was stopped $when for a while, it says \"$figure bytes in the pipe\", but there were $full"
	done
}

# other_chunk CHUNK: how many bytes N writes at a time in place of CHUNK. (The last write may have fewer.)
other_chunk() {
	traced "$moves"'
		gives() && pid == n && ret > 0 && call ~ /^writev?$/ { if (last && last != chunk) { print last; exit } last = ret }' \
		n="$n" pipe="$pipe" chunk="$1" || :
}

@test "blocked_writer.ends [1] blocked_writer ends by itself, with status 0" {
	uses blocked_writer
	rule 'The writer would wait for ever: the parent, which does not wait in the pipe, ends it.'
	hint 'kill() the writer, or close the last read end; then waitpid().'
	sheet Why
	stage
	start blocked_writer
	if rig until exit blocked_writer; then :; fi
	end=$answer
	ended_well blocked_writer 'killed by signal [0-9]'
	run_it blocked_writer
	ended_well blocked_writer 'killed by signal [0-9]'
}

@test "blocked_writer.blocked [3] process N sleeps in write() on a full pipe, and B is what is in it" {
	uses blocked_writer
	needs_end blocked_writer
	rule 'write() to a full pipe waits; when a pipe is full depends on its capacity and on the size of the writes.'
	hint 'Write more than the pipe can hold, without O_NONBLOCK, and ask for the figure: ioctl(fd, FIONREAD, &bytes).'
	sheet Why
	run_it blocked_writer
	tells_true blocked_writer
}

@test "blocked_writer.looks [3] it is told when it is so, not when it will be" {
	uses blocked_writer
	needs blocked_writer.blocked
	rule 'A process that says that another one is blocked must have seen it.'
	hint 'Ask for the state of the other process in a loop (/proc/PID/stat, /proc/PID/syscall); a sleep() proves nothing.'
	sheet Why
	told_when_so blocked_writer
}

@test "blocked_writer.chunk [2] CHUNK bytes a write, whatever CHUNK is" {
	uses blocked_writer
	needs blocked_writer.blocked
	rule 'One write() of CHUNK bytes each, CHUNK from 1 to 1048576.'
	hint 'write(fd, bytes, chunk), with a buffer that is large enough.'
	local other
	run_it blocked_writer
	other=$(other_chunk "$chunk")
	[[ -z $other ]] || fail "with CHUNK $chunk, pid $n writes $other bytes at a time"
	stage
	start blocked_writer 1048576
	if rig until exit blocked_writer; then :; fi
	must_say blocked_writer 'blocked in write\(\)[^0-9]*[0-9]+ bytes? in the pipe' "$first_line"
}

@test "blocked_writer.reader [2] the writer itself is no reader" {
	uses blocked_writer
	needs blocked_writer.blocked
	rule 'A writer that has a read end open itself waits for ever, even when the last other reader has died.'
	hint 'close(fds[0]) in the child, after fork().'
	sheet Why
	run_it blocked_writer
	[[ -z $(reader_itself) ]] || fail "pid $n waits in write() on $pipe, and has its read end open itself, $(reader_itself)"
}

# reader_itself: the descriptor of the pipe's read end in the process that writes.
reader_itself() { awk -v pipe="$pipe" -v pid="pid=$n" '$1 == pipe && $2 ~ /r/ && $3 == pid {print $4; exit}' "$STAGE/holders"; }

@test "blocked_writer.killed [2] N never comes out of write(), and the signal is that of the wait status" {
	uses blocked_writer
	needs blocked_writer.blocked
	rule 'WTERMSIG(status) names the signal that ended the child, whoever sent it.'
	hint 'waitpid(pid, &status, 0), then WIFSIGNALED(status) and WTERMSIG(status).'
	local sig
	run_it blocked_writer
	figure blocked_writer 'killed by signal ([0-9]+)' 'parent: pid N was killed by signal S'
	sig=$(traced 'call == "killed" && pid == n { print get("sig"); found = 1 }' n="$n") ||
		fail "it says that pid $n was killed by signal $figure, but it was not: $(traced 'call == "exited" && pid == n' n="$n" || :)"
	[[ $(kill -l "$sig") == "$figure" ]] || fail "it says \"killed by signal $figure\", but it was $sig"
	traced "$moves"' takes() && ret > 0 { found = 1; print "pid " pid " has read " ret " bytes from it"; exit }' pipe="$pipe" >"$STAGE/moved" ||
		return 0
	fail "pid $n came out of write(): $(<"$STAGE/moved")"
}

@test "blocked_writer.status [1] also when somebody else sent the signal" {
	uses blocked_writer
	needs blocked_writer.killed
	rule 'WTERMSIG(status) names the signal that ended the child, whoever sent it.'
	hint 'Print WTERMSIG(status), not the number that was given to kill().'
	stage
	rig rule any kill,tkill,tgkill,rt_sigqueueinfo hold
	start blocked_writer
	rig until held || return 0 # it is ended in another way
	rig signal child SIGINT || return 0
	if rig until quiet; then :; fi
	rig forget
	rig go any
	rig until exit blocked_writer || fail "blocked_writer does not end: $answer"
	traced 'call ~ /^(kill|tkill|tgkill|rt_sigqueueinfo)$/ { found = get("sig") !~ /^SIG/; exit }' && return 0 # it only asked whether N is there
	figure blocked_writer 'killed by signal ([0-9]+)' 'parent: pid N was killed by signal S'
	[[ $figure == 2 ]] || fail "SIGINT (2) had killed the writer before the parent did, but it says \"killed by signal $figure\""
}

@test "blocked_writer.child [1] the child is waited for, and nothing is left" {
	uses blocked_writer
	needs_end blocked_writer
	rule 'A child that nobody waits for stays as a zombie, or outlives its parent.'
	hint 'waitpid(pid, &status, 0) after kill().'
	run_it blocked_writer
	all_waited_for
	[[ ! -s $STAGE/left ]] || fail "left behind: $(head -n 5 "$STAGE/left" | tr '\n' ';')"
}

@test "blocked_writer.error [2] a call that fails ends the program, with a message" {
	uses blocked_writer
	needs blocked_writer.looks
	rule 'The result of every system call is looked at; who waits for another process to block notices that it has ended.'
	hint 'if (pipe(fds) == -1) err_sys("pipe"); and waitpid(pid, &status, WNOHANG) in the loop that looks at the writer.'
	fault pipe,pipe2@1 EMFILE blocked_writer
	fault fork,vfork,clone,clone3@1 EAGAIN blocked_writer
	fault "$writes/pipe:" EIO blocked_writer
	fault "$writes/pipe:@2" EIO blocked_writer
}

@test "drained_writer.ends [2] drained_writer ends by itself, with status 0" {
	uses drained_writer
	rule 'Who reads on until the end of file, and holds no write end, gets it when the writer has ended.'
	hint 'Close the write end in the parent after fork(), and read until read() returns 0.'
	sheet Why
	run_it drained_writer
	ended_well drained_writer 'read all [0-9]'
}

@test "drained_writer.blocked [2] the writer is blocked before anything is read, and that is seen" {
	uses drained_writer
	needs_end drained_writer
	rule 'A process that says that another one is blocked must have seen it, and asks what is in the pipe.'
	hint 'The same loop as in blocked_writer, and FIONREAD.'
	run_it drained_writer
	tells_true drained_writer
	[[ -z $(reader_itself) ]] || hint 'close(fds[0]) in the child, after fork().'
	[[ -z $(reader_itself) ]] || fail "pid $n waits in write() on $pipe, and has its read end open itself, $(reader_itself)"
	told_when_so drained_writer
}

@test "drained_writer.still [3] after one byte read the writer is still in that write()" {
	uses drained_writer
	needs drained_writer.blocked
	rule 'A page of the pipe is free only when its last byte has been read: one byte makes no room.'
	hint 'read(fds[0], &c, 1), then look at the writer again.'
	sheet Why
	run_it drained_writer
	must_say drained_writer 'read 1 byte: pid [0-9]+ is still blocked in write\(\)' 'parent: read 1 byte: pid N is still blocked in write()'
	traced "$moves"'
		takes() && ret > 0 { if (!got) first = ret; got += ret }
		gives() && ret > 0 { given += ret }
		tells("is still blocked in write") && !told { told = 1; whole = data() !~ /went on/; got_then = got; given_then = given }
		END { found = first == 1 && (!whole || got_then == 1 && given_then == queued)
			if (first != 1) print "the first read() of the pipe returned " first + 0 " bytes"
			else if (!found) print "when that is printed, " got_then + 0 " bytes have been read, and " given_then + 0 " written (" queued " before)" }' \
		pipe="$pipe" queued="$queued" >"$STAGE/why" || fail "it says that pid $n is still blocked after 1 byte: $(<"$STAGE/why")"

	# The pipe grows at that moment, and the writer goes on to its end: who looks does not say that it is blocked.
	stage
	rig rule any pipe,pipe2 setpipe "$page"
	rig rule any "read,readv,splice/$pipe@1" setpipe 1048576
	rig rule any "read,readv,splice/$pipe@1" late
	start drained_writer
	if rig until exit drained_writer; then :; fi
	if traced "$moves"' (call == "exited" || call == "killed") && pid == n { gone = 1 }
		gone && tells("is still blocked in write") { found = 1 }' n="$n"; then
		fail "after the first read() the grader made room in the pipe, and the writer ended; but it says: $(tr -d '\r' <"$STAGE/drained_writer.out" | grep -a 'is still blocked')"
	fi
}

@test "drained_writer.goes_on [3] R is how many bytes had been read when the writer went on" {
	uses drained_writer
	needs drained_writer.still
	rule 'The writer goes on when a page of the pipe is free, and not before.'
	hint 'Read a little, look whether the writer is still in the same write(), and add up what read() returned.'
	sheet Why
	local other right
	run_it drained_writer
	other=$(other_chunk "$chunk")
	[[ -z $other ]] || hint 'write(fd, bytes, chunk), with a buffer that is large enough.'
	[[ -z $other ]] || fail "with CHUNK $chunk, pid $n writes $other bytes at a time"
	figure drained_writer 'read ([0-9]+) bytes?: pid [0-9]+ went on' 'parent: read R bytes: pid N went on'
	right=$(traced "$moves"'
		takes() && ret > 0 { got += ret; sums = sums " " got; if (got >= room && !right) right = got }
		gives() && call !~ /^writev?$/ { pages = 1 }
		END { print pages ? sums : right; found = 1 }' pipe="$pipe" room=$((page / chunk * chunk)))
	[[ " $right " == *" $figure "* ]] || fail "it says \"read $figure bytes: pid $n went on\", but there was room for pid $n to go on after $right bytes: CHUNK is $chunk, and as many of them are in a page of the pipe as fit"

	# A CHUNK of more than a pipe commonly holds: the first write() is cut short, or waits; it is not over before anything is read.
	stage
	rig rule any read,readv,splice/pipe:@1 hold
	start drained_writer 100000
	if rig until held; then :; fi
	other=$(traced "$moves"'
		gives() && call == "write" && ret > 0 && ret == get("count") + 0 && ret < 100000 { print ret; exit }' pipe="$pipe") || :
	[[ -z $other ]] || hint 'write(fd, bytes, chunk), with a buffer that is large enough.'
	[[ -z $other ]] || fail "with CHUNK 100000, the writer writes $other bytes at a time"
}

@test "drained_writer.all [3] all T bytes are written, and all are read" {
	uses drained_writer
	needs drained_writer.blocked
	rule 'No byte is lost because the pipe was full; read() returns what there is, not what was asked for.'
	hint 'Add up what write() and read() return; read until read() returns 0.'
	local wrote read
	run_it drained_writer
	figure drained_writer 'wrote all ([0-9]+) bytes' 'writer: wrote all T bytes'
	wrote=$figure
	figure drained_writer 'read all ([0-9]+) bytes' 'parent: read all T bytes'
	read=$figure
	traced "$moves"' gives() && ret > 0 { given += ret } takes() && ret > 0 { got += ret }
		tells("wrote all") && !told { told = 1; early = given + 0 }
		END { if (early < wrote) print "when the first is printed, only " early " were written to " pipe
			else print given + 0 " were written to " pipe " and " got + 0 " read from it"; found = early >= wrote && given == wrote && got == read && given == got }' \
		pipe="$pipe" wrote="$wrote" read="$read" >"$STAGE/moved" ||
		fail "it says \"wrote all $wrote bytes\" and \"read all $read bytes\", but $(<"$STAGE/moved")"
	((read > capacity)) || fail "T is $read, not more than the pipe can hold ($capacity)"

	# With a writer that fails near its end: what the parent says that it has read is true.
	stage
	rig rule any "$writes/$pipe@20" fail EIO
	start drained_writer "$chunk"
	if rig until exit drained_writer; then :; fi
	said drained_writer 'read all [0-9]+ bytes' || return 0
	figure drained_writer 'read all ([0-9]+) bytes'
	read=$(traced "$moves"'takes() && ret > 0 { got += ret } END { print got + 0; found = 1 }' pipe="$pipe")
	[[ $figure == "$read" ]] || fail "a write() failed, and the parent has read $read bytes, but it says \"read all $figure bytes\""
}

@test "drained_writer.child [1] the child ends by itself and is waited for, and nothing is left" {
	uses drained_writer
	needs_end drained_writer
	rule 'A child that nobody waits for stays as a zombie, or outlives its parent.'
	hint 'waitpid(pid, &status, 0) in the parent, after the last read().'
	run_it drained_writer
	all_waited_for
	[[ ! -s $STAGE/left ]] || fail "left behind: $(head -n 5 "$STAGE/left" | tr '\n' ';')"
	traced 'call == "killed" && pid == n { print get("sig"); found = 1 }' n="$n" >"$STAGE/killed" || return 0
	fail "the writer, pid $n, did not end by itself: killed by $(<"$STAGE/killed")"
}

@test "drained_writer.file [1] the same lines into a file as on a terminal" {
	uses drained_writer
	needs drained_writer.all drained_writer.child
	rule 'What stdio still holds at fork() is copied, and written twice.'
	hint 'setvbuf(stdout, NULL, _IOLBF, 0) at the start, or fflush(stdout) before fork().'
	local name twice
	stage
	rig trace off
	start drained_writer
	rig until exit drained_writer || fail "drained_writer does not end: $answer"
	rig output terminal
	start_as terminal /lab/drained_writer
	rig until exit terminal || fail "on a terminal drained_writer does not end: $answer"
	for name in drained_writer terminal; do
		must_say "$name" 'is blocked in write\(\)' "$first_line"
		must_say "$name" 'read all [0-9]+ bytes' 'parent: read all T bytes'
		tr -d '\r' <"$STAGE/$name.out" | sed -E 's/[0-9]+/N/g' | sort | uniq -c | sort -k 2 >"$STAGE/$name.counts"
	done
	twice=$(awk 'NR == FNR { if ($1 > 1) many[substr($0, 9)] = 1; next } $1 == 1 && substr($0, 9) in many { print substr($0, 9); exit }' \
		"$STAGE/drained_writer.counts" "$STAGE/terminal.counts")
	[[ -z $twice ]] || fail "into a file it prints more than once what it prints once on a terminal: $twice"
}

@test "drained_writer.error [2] a call that fails ends the program, with a message" {
	uses drained_writer
	needs drained_writer.blocked drained_writer.child
	rule 'The result of every system call is looked at; who waits for another process to block notices that it has ended.'
	hint 'if (read(fds[0], &c, 1) == -1) err_sys("read"); waitpid(pid, &status, WNOHANG) in the loop that looks at the writer; and its status at the end.'
	local reads
	fault pipe,pipe2@1 EMFILE drained_writer
	fault fork,vfork,clone,clone3@1 EAGAIN drained_writer
	fault "$writes/pipe:@2" EIO drained_writer
	fault read,readv/pipe: EIO drained_writer
	# A write() when the parent only reads any more (the pipe takes 16, and one waits), and a read() when the writer has gone on.
	run_it drained_writer
	fault "$writes/pipe:@20" EIO drained_writer "$chunk"
	run_it drained_writer
	reads=$(traced "$moves"' takes() && ret > 0 && got < room { got += ret; reads++ } END { print reads + 1; found = 1 }' \
		pipe="$pipe" room=$((page / chunk * chunk)))
	fault "read,readv/pipe:@$reads" EIO drained_writer "$chunk"
}
