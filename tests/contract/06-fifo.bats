#!/usr/bin/env bats
# The contract of lab 6, a FIFO: what any server and client must do. The other half is always the kit's own.
load ../grader/contract
lab 06-fifo

takes=read,readv,splice
gives=write,writev,splice,vmsplice,sendfile
waits=$takes,poll,ppoll,select,pselect6,epoll_wait,epoll_pwait,open,openat

# A fresh sandbox with a name of its own for the FIFO.
begin() {
	stage
	names "/$(word names)-"
	fifo=$(path fifo)
}

# serve: the variant's server, and it waits. On a terminal: there its lines come out at once.
serve() {
	rig output terminal
	start server
	rig output file
	rig until quiet || fail "the server does not come to rest: $answer"
	! ended server || fail "the server has ended before a client came: $(how_ended server)"
}

# kit_server: the kit's server, and it waits.
kit_server() {
	start_as server /kit/server
	rig until quiet || broken "the kit's server does not come to rest: $answer"
}

# visit NAME MESSAGE...: the kit's client, under that name, brings its messages into the FIFO, and ends.
visit() {
	start_as "$1" /kit/client "${@:2}"
	rig until exit "$1" || fail "a client cannot send its messages: $answer$(ended server && echo "; the server: $(how_ended server)")"
	[[ $answer == 'exit status 0' ]] || fail "a client cannot send its messages: $answer, $(printed "$1")"
}

# send NAME MESSAGE...: the same, but it does not end yet.
send() {
	rig rule "$1" exit_group hold
	start_as "$1" /kit/client "${@:2}"
	rig until quiet || fail "the server does not come to rest: $answer"
	traced 'call == "held" && who == name { found = 1 }' name="$1" ||
		fail "a client cannot send its messages: $(rig waiting && echo "$answer")$(ended server && echo "; the server: $(how_ended server)")"
}

ended() { traced '(call == "exited" || call == "killed") && who == name { found = 1 }' name="$1"; }
how_ended() {
	traced '(call == "exited" || call == "killed") && who == name {
		print (call == "exited" ? "exit status " get("status") : "killed by " get("sig")); found = 1 }' name="$1" | tr '\n' ' ' || :
	echo ", it printed: $(printed "$1")"
}

# long N: a word of 4032 letters and N more.
long() {
	local word
	word=$(word 0 64)
	printf "$word%.0s" {1..63}
	echo "${word:0:$1}"
}

# received: the messages that the server has printed, one a line. received_all MESSAGE...: it must have been just these.
received() { tr -d '\r' <"$STAGE/server.out" | sed -nE 's/.*received "(.*)".*/\1/p'; }
received_all() {
	rig until quiet || fail "the server does not come to rest: $answer"
	received_just "$@"
}
received_just() {
	[[ $(received) == "$(printf '%s\n' "$@")" ]] ||
		fail "sent: $(printf '"%s" ' "$@" | cut -c 1-300), received: $(received | sed 's/.*/"&"/' | cut -c 1-100 | tr '\n' ' ')"
}

# no_file_left: of those that "rig left" has listed.
no_file_left() {
	! grep -q "^file" "$STAGE/left" || fail "left behind: $(grep "^file" "$STAGE/left" | head -n 5 | tr "\n" ";" | tr -c "[:print:]" "?")"
}

# made_instead: the files that there are. For a message only.
made_instead() {
	local files
	rig left
	files=$(sed -n 's/^file *//p' "$STAGE/left" | head -n 3 | tr '\n' ' ' | tr -c '[:print:]' '?')
	echo "${files:+; there is: $files}"
}

fifo_is_there() {
	rig stat "$fifo" && [[ $answer == type=fifo* ]] || fail "$1: $answer"
}

# Anything that is not a FIFO at its path: an error, and it is left as it is.
in_the_way() {
	begin
	rig file "$fifo" 0600 quit
	rig stat "$fifo"
	local before=$answer
	start "$@"
	local ended=yes how now
	rig until exit "$1" || ended=''
	how=$answer
	rig stat "$fifo" || answer="gone: $answer"
	now=$answer answer=$how
	[[ $now == "$before" ]] || fail "a regular file was at its path: $before; $1 has removed or changed it: $now"
	[[ -n $ended ]] || fail "$1 takes a regular file for its FIFO, and does not end: $answer"
	[[ $answer != 'exit status 0' ]] || fail "$1 takes a regular file for its FIFO: $answer, it printed: $(printed "$1")"
	[[ -s $STAGE/$1.err ]] || fail "$1: $answer, but not a word on stderr about the file at its path"
}

@test "server.receives [3] it prints what a client sends" {
	uses server
	rule 'The FIFO is px_ipc_path("fifo"): whoever opens it for writing is a client.'
	hint 'mkfifo(px_ipc_path("fifo"), 0600)'
	begin
	serve
	rig stat "$fifo" && [[ $answer == type=fifo* ]] ||
		fail "the server waits, but there is no FIFO at px_ipc_path(\"fifo\"), $fifo: $answer$(made_instead)"
	hint 'A message is what comes before a newline: printf("server: received \"%s\"\n", line).'
	send client "$(word 1)"
	received_all "$(word 1)"
}

@test "server.survives [3] the end of a client is not its end: it sleeps until the next comes" {
	uses server
	needs server.receives
	rule 'read() returns 0 when the last writer has closed the FIFO, and goes on doing so: that is no reason to end, nor to try again and again.'
	hint 'Open it O_RDWR, or keep a second descriptor that is open for writing: then read() sleeps.'
	sheet Why
	begin
	serve
	visit one "$(word 1)"
	rig until blocked server "$waits" ||
		fail "after the end of its first client the server does not sleep until the next comes: $answer; $(how_ended server)"
	start_as nothing /peer/fifo_write "$fifo"
	ends nothing
	start_as half /peer/fifo_write "$fifo" "$(word 2)"
	ends half
	visit two "$(word 3)"
	visit three "$(word 4)"
	rig until blocked server "$waits" || fail "after several clients the server does not sleep until the next comes: $answer"
	[[ $(received | head -n 1) == "$(word 1)" && $(received | tail -n 1) == "$(word 4)" ]] ||
		fail "of five clients the first sent \"$(word 1)\" and the last \"$(word 4)\", received: $(received | tr '\n' ' ')"
}

@test "server.pieces [3] it puts together what comes in pieces" {
	uses server
	needs server.receives
	rule 'A FIFO is a stream of bytes: one read() may return half a message.'
	hint 'Keep what has no newline yet, and read on behind it.'
	begin
	rig rule server "$takes/fifo:" short 3
	serve
	send client "$(word 1 20)" "$(word 2 7)"
	received_all "$(word 1 20)" "$(word 2 7)"
}

@test "server.together [2] it takes apart what comes together" {
	uses server
	needs server.receives
	rule 'A FIFO is a stream of bytes: one read() may return several messages.'
	hint 'After a read(): a line for each newline in the buffer.'
	begin
	rig rule server "$takes/fifo:" hold
	serve
	send client "$(word 1)" "$(word 2) 50%d \"of\" it" '' "$(word 3 2)"
	rig forget
	rig go server
	received_all "$(word 1)" "$(word 2) 50%d \"of\" it" '' "$(word 3 2)"
}

@test "server.many [2] several clients at once, with messages as long as may be" {
	uses server
	needs server.pieces server.together
	rule 'A message has up to PIPE_BUF bytes, 4096, and stays in one piece; what follows it may be from another client.'
	hint 'Is the buffer big enough? What becomes of the rest when it is full?'
	local long client
	long=$(long 62)
	begin
	rig rule server open,openat/fifo setpipe 4096
	serve
	for client in a b; do rig rule $client exit_group hold; done
	start_as a /kit/client "A$long" A "A$(word 1)" "A${long:7}"
	start_as b /kit/client "B$(word 2)" "B$long" "B${long:99}" B
	rig until quiet || fail "the server does not come to rest: $answer"
	for client in a b; do
		traced 'call == "held" && who == name { found = 1 }' name=$client || fail "a client cannot send its messages: $(rig waiting && echo "$answer")"
	done
	diff <(received | grep '^A') <(printf '%s\n' "A$long" A "A$(word 1)" "A${long:7}") >"$STAGE/diff" &&
		diff <(received | grep '^B') <(printf '%s\n' "B$(word 2)" "B$long" "B${long:99}" B) >"$STAGE/diff" &&
		[[ $(received | wc -l) == 8 ]] ||
		fail "two clients sent messages of up to 4095 bytes and a newline; of the 8 messages these are not right ('<' received, '>' sent): $(cut -c 1-60 "$STAGE/diff" | tr '\n' ' ')"
}

@test "server.between [2] nothing gets lost between two clients" {
	uses server
	needs server.survives
	rule 'What is in a FIFO is lost with the last close(), if nobody has it open then.'
	hint 'Do not close the FIFO after a client: another may have written already. Keep it open.'
	sheet Why
	begin
	serve
	rig rule server close/fifo: hold
	visit one "$(word 1)"
	rig until quiet || fail "the server does not come to rest: $answer"
	visit two "$(word 2)"
	rig forget
	if rig go server; then :; fi
	received_all "$(word 1)" "$(word 2)"
}

@test "server.quit [2] it ends on the message quit, when it has printed all before it" {
	uses server
	needs server.receives
	rule 'The message "quit", and no other, ends the server, with status 0.'
	hint 'strcmp(line, "quit") == 0, after the line is printed.'
	begin
	start server
	send one "quit$(word 1)"
	send two "$(word 2) quit"
	send three QUIT
	rig until quiet || fail "the server does not come to rest: $answer"
	! ended server || fail "only \"quit\" is to end the server, not \"quit$(word 1)\", \"$(word 2) quit\" or \"QUIT\": $(how_ended server)"
	send four quit
	ends server
	received_all "quit$(word 1)" "$(word 2) quit" QUIT quit
	all_waited_for
	rig left
	keep quit
}

@test "server.removes [2] the FIFO is gone then" {
	uses server
	needs server.quit
	rule 'mkfifo() makes a name that stays until somebody removes it.'
	hint 'unlink() it at the end, before exit().'
	sheet Why
	kept quit || {
		begin
		start server
		send client quit
		ends server
		rig left
	}
	no_file_left
}

@test "server.signals [2] SIGINT and SIGTERM end it, and the FIFO is gone" {
	uses server
	needs server.removes
	rule 'The default action of a signal removes nothing.'
	hint 'Catch SIGINT and SIGTERM, and let serve() return.'
	local signal
	for signal in SIGINT SIGTERM; do
		begin
		serve
		[[ $signal == SIGINT ]] || send client "$(word 1)"
		rig until quiet || fail "the server does not come to rest: $answer"
		rig signal "server$([[ $signal == SIGINT ]] || echo .first)" $signal
		rig until exit server || fail "the server does not end after a $signal: $answer"
		[[ $answer == 'exit status 0' ]] || fail "the server after a $signal: $answer, not exit status 0"
		rig left
		no_file_left
	done
}

@test "server.missed [1] no signal comes too late to be seen" {
	uses server
	needs server.survives server.signals
	rule 'A signal that comes after a look at a flag, but before the read() that sleeps, does not interrupt it.'
	hint 'Write it into a pipe that poll() looks at too (or ppoll(), signalfd(), or unlink() and _exit() in the handler).'
	sheet Why
	begin
	serve
	rig until blocked server "$waits" || fail "the server does not sleep until a client comes: $answer"
	rig rule server "$(sed -E 's/.* call=([^ ]+).*/\1/' <<<"$answer")@1" signal SIGTERM
	start_as client /kit/client "$(word 1)" # it may find no server any more
	rig until exit server || fail "$(traced 'call == "signalled" { print "a SIGTERM came just before " get("before") "()"; found = 1 }'), and the server sleeps on: $answer"
	rig left
	no_file_left
}

@test "server.again [2] the FIFO of a killed server is used again" {
	uses server
	needs server.receives
	rule 'A killed server leaves its FIFO behind: mkfifo() then fails with EEXIST.'
	hint 'if (mkfifo(path, 0600) == -1 && errno != EEXIST) err_sys("mkfifo");'
	sheet Why
	begin
	start_as killed /lab/server
	rig until quiet || fail "the server does not come to rest: $answer"
	rig signal killed SIGKILL
	if rig until exit killed; then :; fi
	rig rule early exit_group hold
	start_as early /kit/client "$(word 1)"
	rig until blocked early open,openat || broken "a client does not wait at the FIFO of a killed server: $answer"
	serve
	traced 'call == "held" && who == "early" { found = 1 }' || fail "a client waits in open() on the FIFO of the killed server, and the new server does not open that one: $(rig waiting && echo "$answer")"
	send late "$(word 2)"
	received_all "$(word 1)" "$(word 2)"
}

@test "server.second [2] a second server: an error, and the first one goes on" {
	uses server
	needs server.receives
	rule 'Two servers at one FIFO would share out the messages by chance, and one would remove it for both.'
	hint 'Lock it: fcntl(fd, F_SETLK, &lock) with F_WRLCK. The lock ends with its process.'
	begin
	serve
	start_as second /lab/server
	rig until exit second || fail "a second server does not end, although there is one: $answer"
	[[ $answer == 'exit status 0' ]] || hint 'The error is a line on stderr: err_sys("%s has a server already", path);'
	ends_badly second
	hint 'Who is not the server removes nothing.'
	fifo_is_there 'after the end of a second server the FIFO of the first one is not there any more'
	send client "$(word 1)"
	received_all "$(word 1)"
}

@test "server.path [1] the FIFO has the mode 0600, and anything else at its path is left as it is" {
	uses server
	needs server.receives
	rule 'Nobody else may read or write the FIFO; a file of that name belongs to somebody else.'
	hint 'mkfifo(path, 0600); then fstat() what open() has opened: S_ISFIFO(status.st_mode).'
	begin
	serve
	fifo_is_there "no FIFO at px_ipc_path(\"fifo\")"
	[[ $answer == *mode=0600* ]] || fail "the FIFO: $answer, not mode=0600"
	in_the_way server
}

@test "server.error [2] a call that fails ends the server with a message" {
	uses server
	needs server.receives
	rule 'The result of every system call is looked at.'
	hint 'if (mkfifo(path, 0600) == -1 && errno != EEXIST) err_sys("mkfifo %s", path);'
	fault mknod,mknodat EACCES server
	hint 'if ((fifo = open(path, O_RDWR)) == -1) err_sys("open %s", path);'
	fault open,openat/fifo EACCES server
	hint 'if (n == -1) err_sys("read %s", path);'
	begin
	rig rule server read,readv/fifo: fail EIO
	start server
	rig until quiet || fail "the server does not come to rest: $answer"
	start_as client /kit/client "$(word 1)"
	if rig until exit server; then :; fi
	local call
	! call=$(refused EIO read,readv) || ends_badly server "$call"
}

# send_some: one run of the client, with messages of up to 4095 bytes; several checks look at it.
send_some() {
	local check_id=client.sends
	long=$(long 63)
	kept sends && return
	begin
	kit_server
	rig output terminal # there its lines come out at once
	start client "$(word 1)" "${long:1095}" "${long:2095}" "$long" "$(word 2 5) \"%d\" of it"
	ends client
	rig until quiet || broken "$answer"
	keep sends
}

@test "client.sends [3] what it sends arrives" {
	uses client
	rule 'The FIFO is px_ipc_path("fifo"); each message is a line.'
	hint 'open(px_ipc_path("fifo"), O_WRONLY), then write(fifo, line, length); the line ends with a newline.'
	send_some
	received_just "$(word 1)" "${long:1095}" "${long:2095}" "$long" "$(word 2 5) \"%d\" of it"
	must_say client "sends \"$(word 1)\"" "client: sends \"$(word 1)\""
}

@test "client.default [1] without arguments it sends hello, and leaves the FIFO to the server" {
	uses client
	needs client.sends
	rule 'The FIFO belongs to the server that lives.'
	hint 'No unlink() in the client, unless it has made the FIFO itself and nobody else uses it.'
	begin
	kit_server
	start client
	ends client
	received_all hello
	fifo_is_there 'the server lives, but its FIFO is not there any more'
}

@test "client.one_write [2] each message is printed, then sent in one write() of at most PIPE_BUF bytes" {
	uses client
	needs client.sends
	rule 'write() of at most PIPE_BUF bytes stays in one piece, whoever else writes; two write() calls do not.'
	hint 'Put the message and its newline into one buffer first: snprintf(line, sizeof line, "%s\n", message).'
	sheet Why
	send_some
	traced '$0 ~ / on=fifo:/ && ret > 0 && call ~ /write|splice|sendfile/ && who ~ /^client/ {
			at += ret
			if (ret > 4096) print "a " call "() of " ret " bytes;"
			else if (!(at in end)) print "a " call "() of " ret " bytes does not end where a message does;"
			else found = 1 }
		BEGIN { split("9 3010 5011 9107 9124", sums); for (i in sums) end[sums[i]] = 1 }
		END { if (at != 9124) found = 0 }' >"$STAGE/writes" && [[ ! -s $STAGE/writes ]] ||
		fail "messages of 9, 3001, 2001, 4096 and 17 bytes with their newlines: $(head -n 4 "$STAGE/writes" | tr '\n' ' ')"
	hint 'printf("client: sends \"%s\"\n", message), and then write().'
	traced 'who ~ /^client/ && kind() == "write" && on ~ /pts/ && !sent { text = text data() }
		who ~ /^client/ && $0 ~ / on=fifo:/ && ret > 0 && call ~ /write|splice|sendfile/ { sent = 1 }
		END { found = text ~ /sends "/ }' || fail 'the client prints that it sends its first message only after it has'
}

# no_server THERE: a fresh sandbox, with a FIFO only if a killed server has left it.
no_server() {
	begin
	[[ $1 == *killed* ]] || return 0
	start_as killed /kit/server
	if rig until quiet; then :; fi
	rig signal killed SIGKILL
	if rig until exit killed; then :; fi
}

@test "client.waits [3] started first it waits, asleep, for a server" {
	uses client
	needs client.sends
	rule 'open() waits for a reader, but not for the name (ENOENT); with O_NONBLOCK it does not wait at all (ENXIO).'
	hint 'Wait for the name with inotify(7), or try again after a pause; then open() it O_WRONLY and let open() wait.'
	sheet Why
	local there tries
	for there in 'there is no FIFO yet' 'a killed server has left its FIFO'; do
		no_server "$there"
		start client "$(word 1)" "$(word 2)"
		if rig until blocked client "$waits"; then :; fi
		! ended client || fail "$there, and the client does not wait for a server: $(how_ended client)"
		[[ $answer == pid=* || $answer == polls* ]] || fail "$there, and the client does not sleep while it waits for a server: $answer"
		tries=$(traced 'who ~ /^client/ && call ~ /^open/ && err != "" && get("path") ~ /fifo/ { n++ } END { print n + 0; found = 1 }')
		kit_server
		ends client
		received_all "$(word 1)" "$(word 2)"
		[[ $tries != 0 ]] || continue
		no_server "$there"
		rig rule client "open,openat/fifo@$tries" hold-after
		start client "$(word 1)"
		if rig until held; then :; fi
		kit_server
		rig forget
		if rig go client; then :; fi
		rig until exit client || fail "$there, the server comes between the client's last open() and its sleep, and the client sleeps on: $answer"
		received_all "$(word 1)"
	done
}

@test "client.broken [3] the server is killed while it writes: an error, not its death" {
	uses client
	needs client.sends
	rule 'A write() that nobody can read any more raises SIGPIPE; if that is ignored, write() fails with EPIPE.'
	hint 'signal(SIGPIPE, SIG_IGN), and look at what write() returns.'
	sheet Why
	local long
	long=$(long 63)
	long=${long:1095}
	begin
	rig rule server open,openat/fifo setpipe 4096
	rig rule server read/fifo: hold
	kit_server
	start client "$long" "$long" "$long"
	rig until quiet || fail "the FIFO is full, but the client does not wait: $answer"
	! ended client || fail "the FIFO is full, but the client does not wait: $(how_ended client)"
	rig signal server SIGKILL
	rig until exit client || fail "the server has been killed, and the client does not end: $answer"
	[[ $answer == 'exit status '* && $answer != 'exit status 0' ]] ||
		fail "the server was killed while the client wrote to the FIFO; the client: $answer, it printed: $(printed client)"
	[[ -s $STAGE/client.err ]] || fail "client: $answer, but not a word on stderr about the server that is gone"
}

@test "client.interrupted [1] interrupted it leaves nothing behind, and a server its FIFO" {
	uses client
	needs client.waits client.default
	rule 'Who makes something removes it, but not from under a server that lives.'
	hint 'A client that makes nothing has nothing to remove.'
	local long
	long=$(long 63)
	begin
	start client
	rig until quiet || fail "the client does not come to rest: $answer"
	rig signal client SIGINT
	if rig until exit client; then :; fi
	nothing_left
	begin
	rig rule server open,openat/fifo setpipe 4096
	rig rule server read/fifo: hold
	kit_server
	start client "$long" "$long" "$long"
	rig until quiet || fail "the client does not come to rest: $answer"
	if rig signal client SIGTERM; then :; fi
	if rig until exit client; then :; fi
	fifo_is_there 'the server lives, but its FIFO is not there any more'
}

@test "client.usage [1] a message with a newline in it, or too long: exit 2, and nothing is sent" {
	uses client
	needs client.sends
	rule 'A message is one line of at most PIPE_BUF bytes, its newline included.'
	hint 'Look at all the arguments before the first one is sent: strchr(message, 10), strlen(message) >= PIPE_BUF.'
	begin
	kit_server
	start client "$(word 1)" "$(long 64)"
	rig until exit client || fail "the client does not end: $answer"
	[[ $answer == 'exit status 2' && -s $STAGE/client.err ]] || fail "a message of 4096 bytes and a newline: $answer, it printed: $(printed client | tail -c 200)"
	start_as newline /peer/fifo_newline /lab/client "$(word 1)" "$(word 2)|$(word 3)"
	rig until exit newline || fail "the client does not end: $answer"
	[[ $answer == 'exit status 2' && -s $STAGE/newline.err ]] || fail "a message with a newline in it: $answer, it printed: $(printed newline)"
	rig until quiet || broken "$answer"
	[[ -z $(received) ]] || fail "the client ended with status 2, but had sent: $(received | cut -c 1-50 | tr '\n' ' ')"
}

@test "client.path [1] anything else at the path of the FIFO: an error, and it is left as it is" {
	uses client
	needs client.sends
	rule 'open() for writing opens a regular file as well.'
	hint 'fstat() what open() has opened: S_ISFIFO(status.st_mode).'
	in_the_way client "$(word 2)"
}

@test "client.error [2] a call that fails ends the client with a message" {
	uses client
	needs client.sends
	rule 'The result of every system call is looked at.'
	local calls call
	for calls in open,openat/fifo "$gives/fifo:"; do
		hint "if (... == -1) err_sys(\"${calls%%,*}\");"
		begin
		kit_server
		rig rule client "$calls" fail EACCES
		start client "$(word 1)"
		if rig until exit client; then :; fi
		! call=$(refused EACCES "${calls%/*}") || ends_badly client "$call"
	done
}
