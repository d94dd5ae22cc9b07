#!/usr/bin/env bats
# The contract of lab 2, an empty pipe: what any blocked_reader and short_reader must do.
load ../grader/contract
lab 02-pipe-empty
export LC_ALL=C # output may have any bytes

reads=read,readv,splice,tee
writes=write,writev,splice,tee,vmsplice,sendfile
polls=poll,ppoll,select,pselect6,epoll_wait,epoll_pwait
first_line='parent: pid N is blocked in read(), 0 bytes in the pipe'

# For the awk programs: bytes into a pipe, bytes out of it (splice() and tee() have it as either descriptor).
moves='
	function gives() { return on_pipe() && (kind() == "write" || call == "sendfile") || call ~ /^(splice|tee)$/ && $0 ~ / fd=.* fd=[0-9]+ on=pipe:/ }
	function takes() { return on_pipe() && (kind() == "read" || call == "splice") }
	function tells(text) { return kind() == "write" && !on_pipe() && data() ~ text }'

# run_it PROGRAM: one run of it with another $message for each SEED; several checks look at it. $STAGE/seen has who
# slept in read() or the like each time that somebody was about to write to a pipe, $end how the program ended.
run_it() {
	local i
	message=$(check_id=run word 1 "$(check_id=run number 1 6 40)")
	if ! kept "$1"; then
		stage
		rig rule any "$writes/pipe:" hold
		start "$1" "$message"
		for i in {1..8}; do
			rig until held || break
			if rig until blocked any "$reads,$polls" pipe:; then echo " $answer" >>"$STAGE/seen"; fi
			rig go any
		done
		rig forget
		rig go any
		if rig until exit "$1"; then :; fi
		echo "$answer" >"$STAGE/end"
		rig left
		keep "$1"
	fi
	end=$(<"$STAGE/end")
}

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
		rule 'Who waits until another process waits in a certain place must know that it will.'
		hint 'The reader must wait just where the writer looks for it, until the writer lets it go on.'
		;;
	*SIGPIPE)
		rule 'Who writes to a pipe that nobody can read any more is killed.'
		hint 'The reader reads from the pipe, until all is written.'
		;;
	esac
	fail "$1 does not end with status 0: $end; it printed: $(printed "$1")"
}

# needs_end PROGRAM: no use to check more of one that does not end, or not with its last line.
needs_end() { [[ -e $BATS_FILE_TMPDIR/whole.$1 ]] || needs "$1.ends"; }

# comes_to_end NAME: whatever its exit status, which is another check's.
comes_to_end() { rig until exit "$1" || fail "$1 does not end: $answer"; }

nothing_left_behind() {
	[[ ! -s $STAGE/left ]] || fail "left behind: $(head -n 5 "$STAGE/left" | tr '\n' ';')"
}

value() { sed -nE "s/.* $1=([^ ]+).*/\\1/p" <<<"$2"; }

# received NAME: the lines that tell of bytes read, as "A N TEXT" each (A is - where it is not told).
received() {
	tr -d '\r' <"$STAGE/$1.out" | sed -nE 's/.*asked for ([0-9]+) bytes?.*read ([1-9][0-9]*)( bytes?)?: "(.*)".*/\1 \2 \4/p; t
		s/.*read ([1-9][0-9]*)( bytes?)?: "(.*)".*/- \1 \3/p'
}

# next_line: the next of these, into $asked, $count and $text.
next_line() {
	local line
	IFS= read -r line || return 1
	asked=${line%% *} line=${line#* }
	count=${line%% *} text=${line#* }
}

# received_all NAME MESSAGE [WHEN]: together the lines have MESSAGE, and each its own length.
received_all() {
	local asked count text whole=''
	while next_line; do
		[[ $count == "${#text}" ]] || fail "$3a line says \"read $count\", but has ${#text} bytes: $(printed "$1")"
		whole+=$text
	done < <(received "$1")
	[[ $whole == "$2" ]] || fail "${3}the message is \"$2\", printed as read: \"$whole\"; the output: $(printed "$1")"
}

# two_lines NAME MESSAGE [WHEN]: MESSAGE is read once, and then twice at once.
two_lines() {
	local length=${#2} asked count text
	{
		next_line || fail "${3}$1 does not print: reader: asked for A bytes, read N: \"MESSAGE\"; it printed: $(printed "$1")"
		[[ $count == "$length" && $text == "$2" ]] || fail "${3}the first line says \"read $count: \"$text\"\", not \"read $length: \"$2\"\""
		[[ $asked != - ]] || fail "the first line does not say for how many bytes it asked: reader: asked for A bytes, read N: \"MESSAGE\""
		next_line || fail "${3}$1 does not print a second line of bytes read; it printed: $(printed "$1")"
		[[ $count != "$length" ]] ||
			hint 'Hold the reader back until both are written: let it wait for something that the writer does only then (a second pipe).'
		[[ $count == $((2 * length)) && $text == "$2$2" ]] || fail "${3}the second line says \"read $count: \"$text\"\", not \"read $((2 * length)): \"$2$2\"\""
		[[ $asked == - ]] || ((asked >= count)) || fail "the second line says that $asked bytes were asked for, and $count read"
	} < <(received "$1")
}

@test "blocked_reader.ends [1] blocked_reader ends by itself, with status 0" {
	uses blocked_reader
	rule 'The reader goes on when something is written, and ends; who waits for the end of file holds no write end.'
	hint 'Close the write end in the reader, and in the writer after it has written.'
	sheet Why
	stage
	start blocked_reader
	if rig until exit blocked_reader; then :; fi
	end=$answer
	ended_well blocked_reader 'read [1-9][0-9]*( bytes?)?: "'
	run_it blocked_reader
	ended_well blocked_reader 'read [1-9][0-9]*( bytes?)?: "'
}

@test "blocked_reader.bytes [2] the message arrives, whole, whatever its length" {
	uses blocked_reader
	needs_end blocked_reader
	rule 'read() returns how many bytes it has put into the buffer; there is no null byte after them.'
	hint 'Print exactly the n bytes that read() returned (%.*s); the message has up to 500.'
	local long
	run_it blocked_reader
	received_all blocked_reader "$message"
	long="100%d, 100%s: $(for i in {1..8}; do word "$i" 64; done)"
	stage
	start blocked_reader "${long:0:500}"
	comes_to_end blocked_reader
	received_all blocked_reader "${long:0:500}" 'with a message of 500 bytes, '
}

@test "blocked_reader.blocked [3] process N sleeps in read() on an empty pipe whose write end it has not" {
	uses blocked_reader
	needs_end blocked_reader
	rule 'read() of an empty pipe waits as long as somebody has a write end open.'
	hint 'Nobody writes before the reader is asleep in read(), which is another process; it closes its own write end.'
	sheet Why
	local seen
	run_it blocked_reader
	figure blocked_reader 'pid ([0-9]+) is blocked in read\(\)' "$first_line"
	must_say blocked_reader 'is blocked in read\(\)[^0-9]*0 bytes in the pipe' "$first_line"
	seen=$(grep -m 1 " pid=$figure " "$STAGE/seen") ||
		fail "it says that pid $figure is blocked in read(), but when the message was about to be written $(who_slept)"
	[[ $(value queued "$seen") == 0 ]] || fail "pid $figure sleeps in $(value call "$seen"), but the pipe is not empty: $(value queued "$seen") bytes"
	[[ $seen != *itself* ]] || fail "pid $figure sleeps in $(value call "$seen") on $(value on "$seen"), and has its write end open itself"
}

who_slept() {
	local who
	who=$(sed -E 's/ pid=([0-9]+) .*call=([^ ]+) on=([^ ]+).*/pid \1 slept in \2 on \3/' "$STAGE/seen" 2>/dev/null | sort -u | paste -sd , -)
	echo "${who:-nobody slept in it}"
}

@test "blocked_reader.waits [3] it is told, and written, when it is so: also with a reader that is late" {
	uses blocked_reader
	needs blocked_reader.blocked
	rule 'A process that says that another one is blocked must have seen it.'
	hint 'Ask for the state of the other process in a loop (/proc/PID/stat, /proc/PID/syscall); a sleep() proves nothing.'
	sheet Why
	local order why text
	text=$(word 1)
	for order in child parent; do
		stage
		rig order "$order"
		start blocked_reader "$text"
		comes_to_end blocked_reader
		figure blocked_reader 'pid ([0-9]+) is blocked in read\(\)' "$first_line"
		# A call that waits begins, then the line and the message are written.
		why=$(traced "$moves"'
			(takes() && ret > 0 || call ~ /^(p?poll|p?select6?|epoll_p?wait)$/) && pid == n && !waited { waited = 1; waits = began }
			tells("is blocked in read") && !told { told = 1; tells_at = began }
			gives() && pid != n && ret > 0 && !wrote { wrote = 1; writes = began }
			END { found = 1
				if (!waited || !wrote || writes <= waits) print "the message is written"
				else if (told && tells_at <= waits) print "the line is printed" }' n="$figure")
		[[ -z $why ]] || fail "with a late $order $why before pid $figure waits in read(), which is said to be blocked"
	done
	# The reader is stopped just before it waits: who only sleeps, or looks elsewhere, goes on. (By SIGSTOP: one that is
	# held at a call looks in /proc/PID/syscall as if it slept in it.)
	stage
	rig rule any "$reads,$polls/pipe:@1" signal SIGSTOP
	start blocked_reader "$text"
	# (Twice: who falls asleep while the rig looks is once in a while taken for held.)
	if rig until quiet || rig until quiet; then :; fi
	traced "$moves"' call == "signalled" { held[pid] = 1 }
		gives() && n in held && pid != n && ret >= size { found = 1 }
		tells("is blocked in read") && n in held { found = 1 }' n="$figure" size="${#text}" &&
		fail "while the reader is stopped before it waits in read(), the message is written, or it is said to be blocked: $(printed blocked_reader)"
	return 0
}

@test "blocked_reader.honest [2] what is printed is what was read, from another process" {
	uses blocked_reader
	needs blocked_reader.bytes blocked_reader.blocked
	rule 'The reader learns the message from the pipe, from nowhere else.'
	hint 'Print the buffer that read() filled.'
	through_a_pipe blocked_reader "$(word 1 12)"
	received_all blocked_reader "$expected" "the letters were changed on their way: "
}

# through_a_pipe PROGRAM MESSAGE: a run in which the letters are changed as they are written. $expected is what must come
# out: the message itself if it was put in by vmsplice() or so, where they cannot be.
through_a_pipe() {
	stage
	rig rule any write,writev/pipe: poke # not vmsplice(): it moves pages, not bytes
	start "$1" "$2"
	comes_to_end "$1"
	traced "$moves"'
		gives() && ret > 0 { given[on] += ret; gave[on, pid] = 1; other = other || call ~ /^(splice|tee)$/ }
		takes() && ret > 0 { got[on] += ret; took[on, pid] = 1 }
		END { for (both in took) if (both in gave) same = 1
			for (p in got) if (got[p] >= size && (given[p] >= size || other) && !same) found = 1 }' size="${#2}" ||
		fail 'no pipe carried the bytes of the message from one process to another'
	expected=$(next_letters "$2")
	traced 'on_pipe() && call ~ /^writev?$/ { found = 1 }' || expected=$2
}

@test "blocked_reader.child [1] the child is waited for, and nothing is left" {
	uses blocked_reader
	needs_end blocked_reader
	rule 'A child that nobody waits for stays as a zombie, or outlives its parent.'
	hint 'waitpid(pid, &status, 0) at the end of the parent.'
	run_it blocked_reader
	all_waited_for
	nothing_left_behind
}

@test "blocked_reader.error [2] a call that fails ends the program, with a message" {
	uses blocked_reader
	needs blocked_reader.waits blocked_reader.child
	rule 'The result of every system call is looked at; who waits for another process to block notices that it has ended.'
	hint 'if (read(...) == -1) err_sys("read"); waitpid(pid, &status, WNOHANG) in the loop that looks at the reader; and its status at the end.'
	fault pipe,pipe2@1 EMFILE blocked_reader
	fault fork,vfork,clone,clone3@1 EAGAIN blocked_reader
	fault read,readv/pipe: EIO blocked_reader
	fault read,readv/pipe:@2 EIO blocked_reader
	fault write,writev/pipe: EIO blocked_reader
}

@test "short_reader.ends [1] short_reader ends by itself, with status 0" {
	uses short_reader
	rule 'Who waits for the end of a pipe must hold no write end of it, of none of the pipes.'
	hint 'After fork() each process closes the ends that it does not use.'
	sheet Why
	stage
	start short_reader
	if rig until exit short_reader; then :; fi
	end=$answer
	ended_well short_reader 'read [1-9][0-9]*( bytes?)?: "'
	run_it short_reader
	ended_well short_reader 'read [1-9][0-9]*( bytes?)?: "'
}

@test "short_reader.lines [3] read() takes what there is: the message once, then twice at once" {
	uses short_reader
	needs_end short_reader
	rule 'read() returns what is there, up to the number asked for; it does not know with how many write() calls it came.'
	hint 'Ask for more than there can be: with a message of 500 bytes for at least 1000. Print exactly the n bytes that came.'
	sheet Why
	local long
	run_it short_reader
	two_lines short_reader "$message"
	long=$(for i in {1..8}; do word "$i" 64; done)
	stage
	rig rule any "$writes/pipe:" late
	start short_reader "${long:0:500}"
	comes_to_end short_reader
	two_lines short_reader "${long:0:500}" 'with a message of 500 bytes, '
}

@test "short_reader.reads [2] each of the two lines is one read() that asked for A bytes" {
	uses short_reader
	needs short_reader.lines
	rule 'The lesson is what one read() returns.'
	hint 'Print the count that was given to read(), and the number that it returned, after each read().'
	local asked count text
	run_it short_reader
	while next_line; do
		traced "$moves"' takes() && ret == count && (call !~ /^(read|pread64)$/ || get("count") == asked) { found = 1 }' count="$count" asked="$asked" ||
			fail "it says \"asked for $asked bytes, read $count\", but no read() did: $(
				traced "$moves"' takes() && ret > 0 { printf "%s%s() asked for %s, got %d", (n++ ? "; " : ""), call, get("count"), ret }' || :
			)"
	done < <(received short_reader | head -n 2)
}

@test "short_reader.writes [2] three writes of one message each, before and between the two reads" {
	uses short_reader
	needs short_reader.lines
	rule 'What came with two write() calls comes out in one read().'
	hint 'Two calls of write(), each with one message: not one with the message doubled.'
	local wrote
	run_it short_reader
	wrote=$(traced "$moves"' gives() && ret >= size { printf "%s%d", (n++ ? ", " : ""), ret; if (ret == size) right++ }
		END { found = right >= 3 }' size="${#message}") ||
		fail "the message has ${#message} bytes; written to the pipe were, call by call: $wrote"
}

@test "short_reader.order [3] whichever process is faster" {
	uses short_reader
	needs short_reader.lines short_reader.writes
	rule 'Nothing orders two processes but what they wait for: the second write must wait for the first read, the second read for both writes.'
	hint 'Hold the reader back after its first read() by something that it waits for, and look whether it does before you write again.'
	local order text pipe
	text=$(word 1)
	for order in child parent; do
		stage
		rig order "$order"
		start short_reader "$text"
		comes_to_end short_reader
		two_lines short_reader "$text" "with a late $order, "
	done
	# The third message is held back: the reader must wait for it, too.
	pipe=$(traced "$moves"' gives() && ret == size { print on; found = 1; exit }' size="${#text}") || return 0
	stage
	rig rule any "$writes/$pipe@3" hold
	start short_reader "$text"
	if rig until held && rig until quiet; then :; fi
	rig forget
	rig go any
	comes_to_end short_reader
	two_lines short_reader "$text" 'with a pause before the last write(), '
}

@test "short_reader.honest [2] what is printed is what was read, from another process" {
	uses short_reader
	needs short_reader.lines
	rule 'The reader learns the message from the pipe, from nowhere else.'
	hint 'Print the buffer that read() filled.'
	through_a_pipe short_reader "$(word 1 12)"
	two_lines short_reader "$expected" 'the letters were changed on their way: '
}

@test "short_reader.child [1] the child is waited for, and nothing is left" {
	uses short_reader
	needs_end short_reader
	rule 'A child that nobody waits for stays as a zombie, or outlives its parent.'
	hint 'waitpid(pid, &status, 0) at the end of the parent.'
	run_it short_reader
	all_waited_for
	nothing_left_behind
}

@test "short_reader.file [1] the same lines into a file as on a terminal" {
	uses short_reader
	needs short_reader.order short_reader.child
	rule 'What stdio still holds at fork() is copied, and written twice.'
	hint 'setvbuf(stdout, NULL, _IOLBF, 0) at the start, or fflush(stdout) before fork().'
	local name twice
	stage
	rig trace off
	start short_reader "$(word 1)"
	comes_to_end short_reader
	rig output terminal
	start_as terminal /lab/short_reader "$(word 1)"
	comes_to_end terminal
	for name in short_reader terminal; do
		two_lines "$name" "$(word 1)" 'with nobody looking, '
		tr -d '\r' <"$STAGE/$name.out" | sed -E 's/[0-9]+/N/g' | sort | uniq -c | sort -k 2 >"$STAGE/$name.counts"
	done
	twice=$(awk 'NR == FNR { if ($1 > 1) many[substr($0, 9)] = 1; next } $1 == 1 && substr($0, 9) in many { print substr($0, 9); exit }' \
		"$STAGE/short_reader.counts" "$STAGE/terminal.counts")
	[[ -z $twice ]] || fail "into a file it prints more than once what it prints once on a terminal: $twice"
}

@test "short_reader.error [2] a call that fails ends the program, with a message" {
	uses short_reader
	needs short_reader.order short_reader.child
	rule 'The result of every system call is looked at; who waits for another process to block notices that it has ended.'
	hint 'if (pipe(fds) == -1 || pipe(go) == -1) err_sys("pipe"); waitpid(pid, &status, WNOHANG) in the loop that looks at the reader; and its status at the end.'
	local pipe
	fault pipe,pipe2@1 EMFILE short_reader
	fault fork,vfork,clone,clone3@1 EAGAIN short_reader
	fault read,readv/pipe: EIO short_reader
	run_it short_reader
	pipe=$(traced "$moves"' gives() && ret == size { print on; found = 1; exit }' size="${#message}") || pipe=pipe:
	fault "read,readv/$pipe@2" EIO short_reader
	fault write,writev/pipe: EIO short_reader
}
