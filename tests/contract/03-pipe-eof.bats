#!/usr/bin/env bats
# The contract of lab 3, the end of a pipe: what any eof and lost_eof must do.
load ../grader/contract
lab 03-pipe-eof

# One run of eof with two random messages, for the checks that only look at what a plain run did.
plain_run() {
	first=$(word 1) second=$(word 2 5)
	stage
	start eof "$first" "$second"
	comes_to_end eof
}

# comes_to_end NAME: whatever its exit status, which is another check's.
comes_to_end() { rig until exit "$1" || fail "$1 does not end: $answer"; }

# needs_end: no use to check more of an eof that does not end, or not with its last line.
needs_end() { [[ -e $BATS_FILE_TMPDIR/whole ]] || needs eof.ends; }

# received NAME: the bytes that the reader says it read, one after another.
received() { sed -nE 's/.*read [1-9][0-9]* bytes?: "(.*)".*/\1/p' "$STAGE/$1.out" | tr -d '\n\r'; }

# counts_are_right: each line tells as many bytes as it shows.
counts_are_right() {
	local count text
	while IFS=' ' read -r count text; do
		[[ $count == "${#text}" ]] || fail "a line says \"read $count bytes\", but has ${#text}: $(printed eof)"
	done < <(tr -d '\r' <"$STAGE/eof.out" | sed -nE 's/.*read ([1-9][0-9]*) bytes?: "(.*)".*/\1 \2/p')
}

@test "eof.ends [2] eof ends by itself, with status 0" {
	uses eof
	rule 'A process that waits for the end of file must not hold a write end itself, nor leave one to anybody who waits.'
	hint 'Close the write end in the parent after fork(), before the first read().'
	sheet Why
	plain_run
	[[ $answer != 'exit status 0' ]] || return 0
	if [[ $answer == 'exit status '* ]]; then
		said eof 'read 0 bytes: end of file' && : >"$BATS_FILE_TMPDIR/whole"
		rule 'Exit status 0 says that all went well, another one that something failed.'
		hint 'return 0 at the end of main(); if a call has failed, see what stands on stderr.'
	fi
	fail "eof: $answer, not exit status 0; it printed: $(printed eof)"
}

@test "eof.bytes [3] all the bytes arrive, in their order" {
	uses eof
	needs_end
	rule 'A pipe is a stream of bytes: whatever the reads return, together it is what was written.'
	hint 'read() does not end the text with a null byte: print n, what it returned, and exactly these n bytes (%.*s).'
	plain_run
	[[ $(received eof) == "$first$second" ]] ||
		fail "written: \"$first\" and \"$second\", printed as read: \"$(received eof)\"; the output: $(printed eof)"
	counts_are_right
}

@test "eof.file [1] the same lines into a file as on a terminal" {
	uses eof
	needs eof.bytes
	rule 'What stdio still holds at fork() is copied, and written twice.'
	hint 'setvbuf(stdout, NULL, _IOLBF, 0) at the start, or fflush(stdout) before fork().'
	stage
	rig trace off
	start eof "$(word 1)"
	comes_to_end eof
	[[ $(received eof) == "$(word 1)" ]] || hint 'Here nothing orders the processes but the pipe: read() until it returns 0; EAGAIN is no end of file.'
	[[ $(received eof) == "$(word 1)" ]] || fail "with nobody looking it prints something else: $(printed eof)"
	rig output terminal
	start_as terminal /lab/eof "$(word 1)"
	comes_to_end terminal
	diff <(tr -d '\r' <"$STAGE/eof.out" | sort) <(tr -d '\r' <"$STAGE/terminal.out" | sort) >"$STAGE/diff" ||
		fail "into a file and on a terminal it prints different lines: $(tr '\n' '|' <"$STAGE/diff" | tr -c '[:print:]' '?')"
}

@test "eof.pipe [2] they travel through one pipe, from one process to another" {
	uses eof
	needs eof.bytes
	rule 'The writer and the reader are two processes with one pipe between them.'
	hint 'pipe() first, then fork(): the child has the same pipe.'
	plain_run
	traced 'on_pipe() && kind() == "write" && ret > 0 { sent[on] += ret; writes[on, pid] = 1 }
		on_pipe() && kind() == "read" && ret > 0 { got[on] += ret; reads[on, pid] = 1 }
		call == "splice" && ret > 0 { spliced += ret }
		END { for (both in reads) if (both in writes) same = 1
			for (p in got) if (got[p] >= want && sent[p] + spliced >= want && !same) found = 1
			if (spliced >= want && !same) found = 1 }' want=$((${#first} + ${#second})) ||
		fail 'no pipe carried the bytes of the messages from one process to another'
}

@test "eof.honest [2] what is printed is what was read" {
	uses eof
	needs eof.bytes eof.pipe
	rule 'The reader learns the messages from the pipe, from nowhere else.'
	hint 'Print the buffer that read() filled.'
	stage
	rig rule any write,writev,vmsplice/pipe: poke
	start eof "$(word 1)"
	comes_to_end eof
	[[ $(received eof) == "$(next_letters "$(word 1)")" ]] ||
		fail "the letters were changed on their way to \"$(next_letters "$(word 1)")\", but the reader prints \"$(received eof)\""
}

@test "eof.end [3] the end of file is a read() that returned 0, and is told after it" {
	uses eof
	needs eof.bytes
	rule 'The end of a pipe is told by read(): it returns 0.'
	hint 'Loop until read() returns 0, and print the line then.'
	sheet Why
	plain_run
	must_say eof 'read 0 bytes: end of file' 'reader: read 0 bytes: end of file'
	traced 'on_pipe() && kind() == "read" && ret == 0 && err == "" { eof[pid] = 1 }
		call == "splice" && ret == 0 { eof[pid] = 1 }
		kind() == "write" && data() ~ /read 0 bytes: end of file/ { told = 1; if (pid in eof) found = 1 }' ||
		fail 'the line about the end of file was printed by a process for which no read() of the pipe had returned 0'
	[[ $(grep -ac 'read 0 bytes: end of file' "$STAGE/eof.out") == 1 ]] || fail 'the end of file is told more than once'
}

@test "eof.waits [3] no end comes as long as anybody holds a write end" {
	uses eof
	needs eof.end
	rule 'read() returns 0 only when the last write end is closed, whoever holds it.'
	hint 'The reader must wait in read(), not count messages or wait for the child.'
	sheet Why
	stage
	rig rule any pipe,pipe2 keep-write
	start eof "$(word 1)"
	if rig until quiet; then :; fi
	must_not_say eof 'end of file' 'the end was told while the grader still held the write end open'
	rig until blocked eof read,readv,poll,ppoll,select,pselect6,epoll_wait,epoll_pwait,splice ||
		fail "the reader does not wait for more while the grader holds the write end open: $answer"
	rig drop
	comes_to_end eof
	must_say eof 'read 0 bytes: end of file'
}

@test "eof.slow [2] a writer that is late, a reader that is late: the same story" {
	uses eof
	needs eof.bytes eof.end
	rule 'Nothing orders the two processes but the pipe.'
	hint 'A sleep() orders nothing; read() waits by itself.'
	local order
	for order in child parent; do
		stage
		rig order "$order"
		start eof "$(word 1)" "$(word 2)"
		comes_to_end eof
		[[ $(received eof) == "$(word 1)$(word 2)" ]] ||
			fail "with a late $order the reader prints \"$(received eof)\" instead of \"$(word 1)$(word 2)\""
		must_say eof 'read 0 bytes: end of file'
	done
}

@test "eof.big [2] a message that does not fit into the pipe" {
	uses eof
	needs eof.waits eof.file
	rule 'A writer waits when the pipe is full: somebody must read while it writes.'
	hint 'Read until read() returns 0, and wait() for the child only then: before, it may wait for you.'
	local big i given
	big=$(for i in {1..80}; do word "$i" 64; done)
	stage
	rig rule any pipe,pipe2 setpipe 4096
	start eof "$big" "$(word 0)"
	comes_to_end eof
	given=$(traced 'on_pipe() && kind() == "write" && ret > 0 { given += ret } call == "splice" { given = "" ; exit }
		END { print given; found = 1 }')
	if [[ -n $given ]] && ((given < ${#big} + 8)); then
		rule 'A message may be of any length.'
		hint 'Give write() the whole message, not a copy in a buffer of a fixed size.'
		fail "the messages have $((${#big} + 8)) bytes, but $given were written to the pipe"
	fi
	rule 'read() returns what there is: a long message takes several reads.'
	hint 'Go on until read() returns 0.'
	[[ $(received eof) == "$big$(word 0)" ]] ||
		fail "$((${#big} + 8)) bytes were written, but $(received eof | wc -c) were printed as read, or others"
}

@test "eof.short [2] a read that returns little is not the end" {
	uses eof
	needs eof.bytes eof.end
	rule 'read() may return less than was asked for, and less than was written.'
	hint 'Go on until it returns 0.'
	stage
	rig rule any read,readv/pipe: short 3
	start eof "$(word 1 40)" "$(word 2 7)"
	comes_to_end eof
	[[ $(received eof) == "$(word 1 40)$(word 2 7)" ]] ||
		fail "when each read() returned at most 3 bytes, \"$(received eof)\" of \"$(word 1 40)$(word 2 7)\" was printed"
	rule 'Each read() returns a count of its own.'
	hint 'Print what this read() returned, not the sum so far.'
	counts_are_right
}

@test "eof.error [2] a call that fails ends the program with a message" {
	uses eof
	needs eof.end
	rule 'The result of every pipe(), fork(), read() and write() is looked at.'
	hint 'if (pipe(fds) == -1) err_sys("pipe");'
	sheet Contract
	fault pipe,pipe2@1 EMFILE eof "$(word 1)"
	fault fork,vfork,clone,clone3@1 EAGAIN eof "$(word 1)"
	fault read,readv/pipe: EIO eof "$(word 1)"
	# The writer's status is its own: whoever else ends well, its write() has failed.
	stage
	rig rule any write,writev/pipe: fail EIO
	start eof "$(word 1)"
	if rig until exit eof; then :; fi
	traced 'err == "EIO" { failed[pid] = 1; found = 1 }' || return 0
	[[ -s $STAGE/eof.err ]] || fail 'when write() failed with EIO: not a word on stderr about it'
	traced 'err == "EIO" { failed[pid] = 1 } call == "exited" && (pid in failed || who == "eof") && get("status") != 0 { found = 1 }' ||
		fail 'when write() failed with EIO: the process in which it failed has ended with exit status 0'
}

@test "eof.child [1] the child is waited for, and nothing is left" {
	uses eof
	needs_end
	rule 'A child that nobody waits for stays as a zombie, or outlives its parent.'
	hint 'wait(NULL) in the parent, after the last read().'
	plain_run
	all_waited_for
	nothing_left
}

@test "lost_eof.shown [3] lost_eof shows that no end comes, and that it comes after the close" {
	uses lost_eof
	rule 'As long as the reader itself holds a write end, an empty pipe is "no data yet" and not the end.'
	hint 'With O_NONBLOCK a read() says EAGAIN where it would wait for ever: then close the write end, and read again.'
	stage
	start lost_eof
	ends lost_eof
	shown ''
	# With a writer that is late: who wants to see more than "no data yet" waits for its end.
	hint 'wait() for the writer, before the reader looks; a sleep() orders nothing.'
	stage
	rig rule any "write,writev,vmsplice,splice,tee,sendfile/pipe:@1" hold
	start lost_eof
	if rig until held && { rig until quiet || rig until quiet; }; then :; fi
	rig forget
	rig go any
	ends lost_eof
	shown 'with a late writer: '
}

# shown WHEN: what lost_eof has printed, and done.
shown() {
	must_say lost_eof 'no end of file' "${1}reader: nothing to read, but no end of file"
	must_say lost_eof 'read 0 bytes: end of file' "${1}reader: read 0 bytes: end of file"
	[[ $(received lost_eof) == hello ]] || fail "${1}\"hello\" is written, printed as read: \"$(received lost_eof)\"; the output: $(printed lost_eof)"
	# An alarm that interrupts a read() shows as a signal: the call has no result.
	traced 'call == "ends" { write_end[get("on")] = get("write") }
		on_pipe() && kind() == "write" && ret > 0 || call ~ /^(splice|tee|sendfile)$/ && ret > 0 { gave[pid] = 1; given = 1 }
		on_pipe() && kind() == "read" && err ~ /^(EAGAIN|EINTR)$/ { tried[pid] = 1 }
		call ~ /^(p?poll|p?select6?|epoll_p?wait)$/ && ret == 0 { tried[pid] = 1 }
		call == "signal" && get("sig") == "SIGALRM" { tried[pid] = 1 }
		call == "close" && on ~ /^pipe:/ && fd == write_end[on] && pid in tried { closed[pid] = 1 }
		on_pipe() && kind() == "read" && ret == 0 && err == "" && pid in closed { end[pid] = 1 }
		END { for (p in end) if (given && !(p in gave)) found = 1 }' ||
		fail "${1}not seen in a process that reads what another one has written: an empty pipe that is not at its end, then the close of the write end, then a read() that returns 0"
}

@test "lost_eof.child [1] the child of lost_eof is waited for, and nothing is left" {
	uses lost_eof
	needs lost_eof.shown
	rule 'A child that nobody waits for stays as a zombie, or outlives its parent.'
	hint 'wait(NULL) in the parent.'
	stage
	start lost_eof
	ends lost_eof
	all_waited_for
	nothing_left
}
