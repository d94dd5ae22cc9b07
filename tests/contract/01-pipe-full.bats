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

# ended_well PROGRAM: the run that run_it has shown did.
ended_well() {
	[[ $end == "exit status 0" ]] || fail "$1 does not end with status 0: $end; it printed: $(printed "$1")"
}

# tells_true PROGRAM: its line about the blocked process is what was seen.
tells_true() {
	[[ -n $n ]] || fail "nobody ever slept in write() on a pipe; it printed: $(printed "$1")"
	figure "$1" 'pid ([0-9]+) is blocked in write\(\)' "$first_line"
	[[ $figure == "$n" ]] || fail "it says that pid $figure is blocked in write(), but it was pid $n"
	figure "$1" 'blocked in write\(\)[^0-9]*([0-9]+) bytes? in the pipe' "$first_line"
	[[ $figure == "$queued" ]] ||
		fail "it says \"$figure bytes in the pipe\", but there were $queued, in a pipe of $capacity filled $chunk at a time"
}

# late_child PROGRAM: the line is not printed before the writer has done all that it can.
late_child() {
	local full=''
	run_it "$1"
	stage
	rig order child
	rig rule any read,readv/pipe: hold
	start "$1"
	if rig until held && rig until blocked any "$writes,$polls" pipe:; then full=$(value queued " $answer"); fi
	if ! said "$1" 'is blocked in write'; then # it is told later
		rig forget
		rig go any
		if rig until exit "$1"; then :; fi
	fi
	figure "$1" 'pid ([0-9]+) is blocked in write\(\)' "$first_line"
	n=$figure
	traced "$moves"'
		call == "born" && pid == n { born = 1 }
		call == "released" && pid == n { ran = 1 }
		tells("is blocked in write") && !told { told = 1; early = !ran }
		END { found = !born || told && !early || !told && ran }' n="$n" ||
		fail "with a late child, \"pid $n is blocked in write()\" is printed when pid $n has not even begun; it printed: $(printed "$1")"
}

@test "blocked_writer.ends [1] blocked_writer ends by itself, with status 0" {
	uses blocked_writer
	rule 'The writer would wait for ever: the parent, which does not wait in the pipe, ends it.'
	hint 'kill() the writer, or close the last read end; then waitpid().'
	sheet Why
	stage
	start blocked_writer
	ends blocked_writer
	run_it blocked_writer
	ended_well blocked_writer
}

@test "blocked_writer.blocked [3] process N sleeps in write() on a full pipe, and B is what is in it" {
	uses blocked_writer
	needs blocked_writer.ends
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
	late_child blocked_writer
}

@test "blocked_writer.chunk [2] CHUNK bytes a write, whatever CHUNK is" {
	uses blocked_writer
	needs blocked_writer.blocked
	rule 'One write() of CHUNK bytes each, CHUNK from 1 to 1048576.'
	hint 'write(fd, bytes, chunk), with a buffer that is large enough.'
	local other
	run_it blocked_writer
	other=$(traced "$moves"' gives() && pid == n && ret > 0 && call ~ /^writev?$/ && ret != chunk { print ret; exit }' \
		n="$n" pipe="$pipe" chunk="$chunk") || :
	[[ -z $other ]] || fail "with CHUNK $chunk, pid $n writes $other bytes at a time"
	stage
	start blocked_writer 1048576
	ends blocked_writer
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
	needs blocked_writer.ends
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
}

@test "drained_writer.ends [2] drained_writer ends by itself, with status 0" {
	uses drained_writer
	rule 'Who reads on until the end of file, and holds no write end, gets it when the writer has ended.'
	hint 'Close the write end in the parent after fork(), and read until read() returns 0.'
	sheet Why
	run_it drained_writer
	ended_well drained_writer
}

@test "drained_writer.blocked [2] the writer is blocked before anything is read, and that is seen" {
	uses drained_writer
	needs drained_writer.ends
	rule 'A process that says that another one is blocked must have seen it, and asks what is in the pipe.'
	hint 'The same loop as in blocked_writer, and FIONREAD.'
	run_it drained_writer
	tells_true drained_writer
	[[ -z $(reader_itself) ]] || fail "pid $n waits in write() on $pipe, and has its read end open itself, $(reader_itself)"
	late_child drained_writer
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
	local right
	run_it drained_writer
	figure drained_writer 'read ([0-9]+) bytes?: pid [0-9]+ went on' 'parent: read R bytes: pid N went on'
	right=$(traced "$moves"'
		takes() && ret > 0 { got += ret; sums = sums " " got; if (got >= room && !right) right = got }
		gives() && call !~ /^writev?$/ { pages = 1 }
		END { print pages ? sums : right; found = 1 }' pipe="$pipe" room=$((page / chunk * chunk)))
	[[ " $right " == *" $figure "* ]] || fail "it says \"read $figure bytes: pid $n went on\", but pid $n went on after $right bytes: CHUNK is $chunk, and as many of them are in a page of the pipe as fit"
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
		END { print given + 0 " were written to " pipe " and " got + 0 " read from it"; found = given == wrote && got == read && given == got }' \
		pipe="$pipe" wrote="$wrote" read="$read" >"$STAGE/moved" ||
		fail "it says \"wrote all $wrote bytes\" and \"read all $read bytes\", but $(<"$STAGE/moved")"
	((read > capacity)) || fail "T is $read, not more than the pipe can hold ($capacity)"
}

@test "drained_writer.child [1] the child ends by itself and is waited for, and nothing is left" {
	uses drained_writer
	needs drained_writer.ends
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
	ends drained_writer
	rig output terminal
	start_as terminal /lab/drained_writer
	ends terminal
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
	needs drained_writer.blocked
	rule 'The result of every system call is looked at; who waits for another process to block notices that it has ended.'
	hint 'if (read(fds[0], &c, 1) == -1) err_sys("read"); and waitpid(pid, &status, WNOHANG) in the loop that looks at the writer.'
	fault pipe,pipe2@1 EMFILE drained_writer
	fault fork,vfork,clone,clone3@1 EAGAIN drained_writer
	fault "$writes/pipe:" EIO drained_writer
	fault read,readv/pipe: EIO drained_writer
}
