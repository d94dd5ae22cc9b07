#!/usr/bin/env bats
# The contract of lab 5, how much a pipe takes: what any count_blocking and count_nonblocking must do.
load ../grader/contract
lab 05-pipe-capacity

# What fits depends on the pipe and on the chunk, and on the kernel: the reference is a pipe of the grader's own.
# fits CAPACITY CHUNK: so many bytes, into $fits. CAPACITY 0: as a pipe comes.
fits() { fits=$("$BUILD/grader/peers/capacity_fill" "$1" "$2") || broken "capacity_fill $1 $2"; }

small_chunk() { number "$1" 1500 4000; }
# So big that each write is cut, and in a pipe of two pages a fresh chunk after it would squeeze more in than the rest.
big_chunk() { number "$1" 4200 5200; }

# count PROGRAM CAPACITY CHUNK: one run, with the size of each pipe changed from outside as soon as it is made.
count() {
	stage
	rig rule any pipe,pipe2 setpipe "$2"
	start "$1" "$3"
	ends "$1"
}

# Who watches /proc/PID/syscall is deceived by our tracer: a process that is stopped before a call looks as if in it.
looks_at_calls() { traced 'call ~ /^open/ && get("path") ~ /\/(syscall|wchan|stack)$/ { found = 1 }'; }

# right_figure PROGRAM CAPACITY CHUNK: that run, and what it prints first.
right_figure() {
	local which="a pipe whose capacity was changed to $2 bytes"
	count "$@"
	fits "$2" "$3"
	figure "$1" 'holds ([0-9]+) bytes' '... holds N bytes ...'
	if [[ $figure != "$fits" ]] && looks_at_calls; then
		fits 0 "$3"
		stage
		rig trace off
		start "$1" "$3"
		ends "$1"
		figure "$1" 'holds ([0-9]+) bytes' '... holds N bytes ...'
		which="a pipe as it comes"
	fi
	[[ $figure == "$fits" ]] ||
		fail "with writes of $3 bytes $which holds $fits bytes, $1 prints $figure"
}

# The line is printed on a terminal, and who prints it held just after it: what is true then? The pid of the printer
# and the figure go to $printer and $told.
stop_at_the_line() {
	local found
	while :; do
		rig until held || fail "no line \"... holds N bytes ...\" on the terminal: $answer"
		if found=$(traced 'kind() == "write" && on ~ /pts/ { text[pid] = text[pid] data() }
			END { for (p in text) if (match(text[p], /holds [0-9]+ bytes/)) {
				print p, substr(text[p], RSTART + 6, RLENGTH - 12); found = 1; exit } }'); then
			read -r printer told <<<"$found"
			return
		fi
		rig go any
	done
}

# resized HOW [ARG]: a run of count_nonblocking in which each of its F_SETPIPE_SZ, at these numbers among its calls of fcntl()
# on a pipe, is bent so.
resized() {
	local at
	stage
	for at in $numbers; do rig rule any "fcntl/pipe:@$at" "$@"; done
	start count_nonblocking "$chunk"
	if rig until exit count_nonblocking; then :; fi
	lines_of count_nonblocking
}

# refusal_is_told: whether F_SETPIPE_SZ succeeds or is refused makes a difference that can be read, or the check has failed.
refusal_is_told() {
	local numbers
	numbers=$(traced 'call == "fcntl" && on_pipe() { n++ } call == "fcntl" && get("cmd") == 1031 { print n; found = 1 }')
	resized skip >"$BATS_TEST_TMPDIR/set"
	resized fail EPERM >"$BATS_TEST_TMPDIR/refused"
	traced 'call == "fcntl" && get("cmd") == 1031 { if (ret != -1) found = 1 }' ||
		[[ -s $STAGE/count_nonblocking.err ]] ||
		[[ -n $(LC_ALL=C comm -13 "$BATS_TEST_TMPDIR/set" "$BATS_TEST_TMPDIR/refused") ]] ||
		fail "F_SETPIPE_SZ is refused (EPERM), and no line says so; it printed: $(lines count_nonblocking F_SETPIPE_SZ)"
}

# lines PROGRAM TEXT: those lines of its output, harmless.
lines() { grep -aF -- "$2" "$STAGE/$1.out" | head -n 3 | tr "\n" "|" | tr -c "[:print:]" "?"; }

# wrong_usage PROGRAM: numbers that are none.
wrong_usage() {
	local i wrong=(0 -3 many 7x)
	stage
	for i in "${!wrong[@]}"; do
		start_as "usage$i" "/lab/$1" "${wrong[i]}"
		rig until exit "usage$i" || fail "$1 ${wrong[i]} does not end: $answer"
		[[ $answer == 'exit status 2' ]] || fail "$1 ${wrong[i]}: $answer, not exit status 2"
		[[ -s $STAGE/usage$i.err ]] || fail "$1 ${wrong[i]}: not a word on stderr"
	done
}

# as_it_comes PROGRAM: without CHUNK it is 1; in a pipe of the usual size that is not traced: so many writes.
as_it_comes() {
	local size
	if [[ ${PTRACE:-yes} == yes ]]; then
		stage
		rig rule any pipe,pipe2 setpipe 4096
		start "$1"
		if rig until exit "$1"; then :; fi
		size=$(traced 'on_pipe() && kind() == "write" && ret > 0 { sum[on] += ret; if (ret > most[on]) most[on] = ret }
			END { for (p in sum) if (sum[p] > sum[fullest]) fullest = p; print most[fullest]; found = 1 }')
		[[ ${size:-1} == 1 ]] || fail "$1 without CHUNK writes $size bytes at a time, not 1"
	fi
	hint 'CHUNK is 1 then; but was the pipe already full, and the writer asleep in write(), when it was looked at?'
	fits 0 1
	stage
	rig trace off
	start "$1"
	ends "$1"
	figure "$1" 'holds ([0-9]+) bytes' '... holds N bytes ...'
	[[ $figure == "$fits" ]] || fail "$1 without CHUNK prints $figure bytes; a pipe takes $fits single bytes here"
}

@test "count_blocking.ends [2] count_blocking ends by itself, with status 0" {
	uses count_blocking
	rule 'Who waits in write() is let go by a read, by a signal, or when the last read end is closed: the writer must not hold one.'
	hint 'Close the read end in the writer; when the figure is printed, close it in the other process.'
	sheet Why
	stage
	start count_blocking "$(big_chunk 1)"
	if rig until exit count_blocking; then hint 'Return 0, however the writer was ended: its status is not that of the program.'; fi
	ends count_blocking
}

@test "count_blocking.figure [3] N is what this pipe holds, whatever its size and the chunk" {
	uses count_blocking
	needs count_blocking.ends
	rule 'A small write is never split over two pages, a big one fills what is left: N depends on CHUNK, and on the capacity of this pipe.'
	hint 'Ask the pipe: ioctl(fd, FIONREAD, &n), once the writer sleeps. Neither 65536 nor F_GETPIPE_SZ is what it holds; a sum lacks what the sleeping write() has put in.'
	sheet Why
	right_figure count_blocking 16384 "$(small_chunk 1)"
	right_figure count_blocking 8192 "$(big_chunk 2)"
}

@test "count_blocking.asleep [3] the line comes while the writer sleeps in its write()" {
	uses count_blocking
	needs count_blocking.figure
	rule 'That the pipe is full is known when the writer sleeps in write(), not after some time.'
	hint 'Look at the state in /proc/PID/stat until it is S (and stop when it is Z); no O_NONBLOCK.'
	local order chunk printer told
	chunk=$(big_chunk 1)
	for order in child parent; do
		stage
		rig order "$order"
		rig rule any pipe,pipe2 setpipe 8192
		rig rule any write,writev/pts hold-after
		rig output terminal
		start count_blocking "$chunk"
		stop_at_the_line
		if ! rig until blocked any write,writev,poll,ppoll,select,pselect6,epoll_wait,epoll_pwait; then
			# ... or it was asleep until a signal (of a timer, say) came, and tells it itself
			traced 'pid == printer && kind() == "write" && on_pipe() && ret > 0 { wrote = 1; got = 0 }
				pid == printer && call == "signal" && get("sig") != "SIGCHLD" { got = wrote } END { found = got }' printer="$printer" ||
				fail "with a late $order, when pid $printer prints \"holds $told bytes\", nobody sleeps in write() on a pipe: $answer"
			continue
		fi
		[[ $answer == *" queued=$told "* || $answer != *' queued='* ]] || looks_at_calls ||
			fail "with a late $order \"holds $told bytes\" is printed, but the writer sleeps when it is: $answer"
	done
	stage
	rig rule any pipe,pipe2 setpipe 16384
	rig rule any write,writev/pipe:@3 hold
	rig output terminal
	start count_blocking "$(small_chunk 2)"
	if rig until held; then
		for _ in {1..8}; do # who looks, looks on
			rig go nobody
			if rig until quiet; then :; fi
		done
		looks_at_calls || must_not_say count_blocking 'holds [0-9]+ bytes' 'the line comes although the writer is held before its third write(): the pipe is not full'
	fi
}

@test "count_blocking.waited [2] the writer ends and is waited for, nothing is left" {
	uses count_blocking
	needs count_blocking.ends
	rule 'A child that nobody waits for stays as a zombie, or outlives its parent.'
	hint 'waitpid(writer, NULL, 0) after the read end is closed.'
	stage
	start count_blocking "$(small_chunk 1)"
	ends count_blocking
	all_waited_for
	nothing_left
}

@test "count_blocking.file [1] no line comes twice in a file" {
	uses count_blocking
	needs count_blocking.asleep
	rule 'What stdio still holds at fork() is copied, and written twice.'
	hint 'setvbuf(stdout, NULL, _IOLBF, 0) at the start, or fflush(stdout) before fork().'
	local chunk
	chunk=$(small_chunk 1)
	stage
	start count_blocking "$chunk"
	ends count_blocking
	rig output terminal
	start_as terminal /lab/count_blocking "$chunk"
	ends terminal
	LC_ALL=C comm -23 <(lines_of count_blocking) <(lines_of terminal) >"$STAGE/more"
	[[ ! -s $STAGE/more ]] || fail "a file has more lines than a terminal: $(head -n 3 "$STAGE/more" | tr '\n' '|')"
}

@test "count_blocking.default [1] without CHUNK it is 1" {
	uses count_blocking
	needs count_blocking.asleep
	rule 'The default chunk is 1 byte.'
	hint 'long chunk = argc > 1 ? number(argv[1]) : 1;'
	as_it_comes count_blocking
}

@test "count_blocking.usage [1] a CHUNK that is no number from 1 up is wrong usage" {
	uses count_blocking
	needs count_blocking.ends
	rule 'Wrong usage: a line on stderr, exit status 2.'
	hint 'strtol() says where the number ends.'
	wrong_usage count_blocking
}

@test "count_blocking.error [2] a call that fails ends the program with a message" {
	uses count_blocking
	needs count_blocking.figure
	rule 'The result of every system call is looked at.'
	hint 'if (pipe(fds) == -1) err_sys("pipe");'
	fault pipe,pipe2@1 EMFILE count_blocking "$(small_chunk 1)"
	hint 'if ((writer = fork()) == -1) err_sys("fork");'
	fault fork,vfork,clone,clone3@1 EAGAIN count_blocking "$(small_chunk 1)"
	hint 'if (ioctl(fd, FIONREAD, &held) == -1) err_sys("ioctl");'
	fault ioctl/pipe: EIO count_blocking "$(small_chunk 1)"
}

@test "count_nonblocking.ends [2] count_nonblocking ends by itself, with status 0" {
	uses count_nonblocking
	rule 'With O_NONBLOCK a write() to a full pipe fails with EAGAIN where it would wait for ever.'
	hint 'fcntl(fd, F_SETFL, fcntl(fd, F_GETFL) | O_NONBLOCK), on the write end.'
	sheet Why
	stage
	start count_nonblocking "$(big_chunk 1)"
	ends count_nonblocking
}

@test "count_nonblocking.figure [3] N is what this pipe holds, whatever its size and the chunk" {
	uses count_nonblocking
	needs count_nonblocking.ends
	rule 'Add what write() returned: it may be less than CHUNK, and -1 is no count. After a short write its rest goes next.'
	hint 'Ask the pipe: ioctl(fd, FIONREAD, &n). Neither 65536 nor F_GETPIPE_SZ is what it holds.'
	sheet Why
	right_figure count_nonblocking 16384 "$(small_chunk 1)"
	right_figure count_nonblocking 8192 "$(big_chunk 2)"
}

# For the awk programs: how full each pipe was each time a write() to it failed with EAGAIN, as full[1] ... full[times].
fills='on_pipe() && kind() == "write" && ret > 0 { level[on] += ret }
	on_pipe() && kind() == "read" && ret > 0 { level[on] -= ret }
	on_pipe() && kind() == "write" && err == "EAGAIN" && level[on] > 0 { full[++times] = level[on] }'

@test "count_nonblocking.eagain [2] the pipe is full when write() says EAGAIN" {
	uses count_nonblocking
	needs count_nonblocking.figure
	rule 'The bytes are really written, and the last write() fails with EAGAIN.'
	hint 'Write until write() returns -1, and look at errno.'
	count count_nonblocking 8192 "$(big_chunk 1)"
	figure count_nonblocking 'holds ([0-9]+) bytes'
	traced "$fills"' END { for (i = 1; i <= times; i++) if (full[i] == told) found = 1 }' told="$figure" ||
		fail "\"holds $figure bytes\" is printed, but no write() failed with EAGAIN on a pipe that held so many"
}

@test "count_nonblocking.sizes [2] the capacity and PIPE_BUF of this pipe" {
	uses count_nonblocking
	needs count_nonblocking.ends
	rule 'F_GETPIPE_SZ is the capacity of this one pipe, PIPE_BUF what goes in as one piece: neither is what the pipe holds.'
	hint 'fcntl(fd, F_GETPIPE_SZ) and fpathconf(fd, _PC_PIPE_BUF).'
	sheet Why
	local pipe_buf
	pipe_buf=$(getconf PIPE_BUF /)
	count count_nonblocking 16384 "$(small_chunk 1)"
	said count_nonblocking 'F_GETPIPE_SZ(.*[^0-9])?16384 bytes' ||
		fail "the pipe's capacity was changed to 16384, but there is no line ... F_GETPIPE_SZ ... 16384 bytes; it printed: $(lines count_nonblocking F_GETPIPE_SZ)"
	said count_nonblocking "PIPE_BUF(.*[^0-9])?$pipe_buf bytes" ||
		fail "no line ... PIPE_BUF ... N bytes, with the $pipe_buf of a pipe; it printed: $(lines count_nonblocking PIPE_BUF)"
}

@test "count_nonblocking.second [3] with another capacity it holds another figure" {
	uses count_nonblocking
	needs count_nonblocking.eagain
	rule 'F_SETPIPE_SZ changes the capacity of this one pipe; what it then holds is counted anew.'
	hint 'fcntl(fd, F_SETPIPE_SZ, size), then the same count.'
	local chunk second sizes size right=''
	chunk=$(small_chunk 1)
	count count_nonblocking 16384 "$chunk"
	second=$(tr -d '\r' <"$STAGE/count_nonblocking.out" |
		awk '/F_SETPIPE_SZ/ && first { set = 1 }
			match($0, /holds [0-9]+ bytes/) { if (set) { print substr($0, RSTART + 6, RLENGTH - 12); exit } first = 1 }')
	[[ -n $second ]] || fail "there is no second line \"... holds N bytes ...\" after one with F_SETPIPE_SZ; it printed: $(printed count_nonblocking)"
	# fcntl() 1031 is F_SETPIPE_SZ; a refused one leaves the pipe as it was
	sizes=$(traced 'call == "fcntl" && get("cmd") == 1031 { print err != "" ? 16384 : ret; found = 1 }') ||
		fail 'fcntl(fd, F_SETPIPE_SZ, ...) was not called'
	for size in $sizes; do
		fits "$size" "$chunk"
		[[ $second != "$fits" ]] || right=yes
	done
	# the same pipe, made larger while it is full, may hold something else
	traced "$fills"' END { for (i = 2; i <= times; i++) if (full[i] == told) told_so = 1; found = told_so && right != "" || told_so && same }
		call == "fcntl" && get("cmd") == 1031 && level[on] > 0 { same = 1 }' told="$second" right="$right" ||
		fail "F_SETPIPE_SZ made it ${sizes//$'\n'/, } bytes; $fits bytes fit with writes of $chunk, \"holds $second bytes\" is printed, and $(traced \
			"$fills"' END { for (i = 1; i <= times; i++) printf "%s%d", (i > 1 ? ", then " : ""), full[i] }') were in a pipe at EAGAIN"
	hint 'if (fcntl(fd, F_SETPIPE_SZ, size) == -1) printf("F_SETPIPE_SZ: %s\n", strerror(errno));'
	refusal_is_told
}

@test "count_nonblocking.default [1] without CHUNK it is 1" {
	uses count_nonblocking
	needs count_nonblocking.eagain
	rule 'The default chunk is 1 byte.'
	hint 'long chunk = argc > 1 ? number(argv[1]) : 1;'
	as_it_comes count_nonblocking
}

@test "count_nonblocking.usage [1] a CHUNK that is no number from 1 up is wrong usage" {
	uses count_nonblocking
	needs count_nonblocking.ends
	rule 'Wrong usage: a line on stderr, exit status 2.'
	hint 'strtol() says where the number ends.'
	wrong_usage count_nonblocking
}

@test "count_nonblocking.error [2] a call that fails ends the program with a message" {
	uses count_nonblocking
	needs count_nonblocking.eagain
	rule 'The result of every system call is looked at: only EAGAIN says that the pipe is full.'
	hint 'if (pipe(fds) == -1) err_sys("pipe");'
	fault pipe,pipe2@1 EMFILE count_nonblocking "$(small_chunk 1)"
	hint 'if (errno != EAGAIN) err_sys("write");'
	fault write,writev/pipe:@3 EIO count_nonblocking "$(small_chunk 1)"
	hint 'if (ioctl(fd, FIONREAD, &held) == -1) err_sys("ioctl");'
	fault ioctl/pipe: EIO count_nonblocking "$(small_chunk 1)"
}
