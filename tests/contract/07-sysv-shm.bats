#!/usr/bin/env bats
# The contract of lab 7, System V shared memory: what any writer and reader must do. The other half is always the kit's own.
load ../grader/contract
lab 07-sysv-shm

size=4097

# text: what the writer shall store copies of, the same in all the checks.
text() { check_id=all word text 7; }

# A fresh sandbox with a name of its own for the key file.
begin() {
	stage
	names "/$(check_id=all word names)-"
	key=$(path key)
}

# write_as NAME PROGRAM [TEXT]: a writer, which waits for lines of its stdin. On a terminal: there its lines come out at once.
write_as() {
	rig stdin on
	rig output terminal
	start_as "$1" "$2" "${3:-$(text)}"
	rig stdin off
	rig output file
	rig until quiet || fail "the writer does not come to rest: $answer"
}

# step: a line for the writer, and it does what there is to do.
step() {
	rig feed writer '' || :
	rig until quiet || fail "the writer does not come to rest after a line of its stdin: $answer"
}

# look AS [TEXT]: what there is under the key, into the file AS.
look() {
	start_as look /peer/shm_look "$key" "${@:2}"
	ends look
	mv "$STAGE/look.out" "$STAGE/$1"
}
seen() { tr '\n' ',' <"$STAGE/$1"; }
value() { sed -nE "s/.*(^| )$2=([^ ]+).*/\\2/p" "$STAGE/$1"; }

# attach TIMES: somebody has the segment attached so many times more.
attach() {
	start_as attach /peer/shm_attach "$key" "$1"
	rig until quiet || broken "$answer"
}
detach() {
	rig signal attach SIGKILL || :
	if rig until exit attach; then :; fi
}

ended() { traced '(call == "exited" || call == "killed") && who == name { found = 1 }' name="$1"; }

# copies N: the first N bytes of the segment.
copies() { printf "$(text)%.0s" {1..9} | head -c "$1"; }

# write_steps: one run of the writer, a line of its stdin at a time, and what was there before and after each.
write_steps() {
	extra=$(check_id=all number extra 1 3)
	kept steps && return
	begin
	write_as writer /lab/writer
	look look.0 "$(text)"
	cp "$STAGE/writer.out" "$STAGE/out.0"
	! ended writer || fail "the writer does not wait for the first line of its stdin; it printed: $(printed writer)"
	step
	look look.1 "$(text)"
	cp "$STAGE/writer.out" "$STAGE/out.1"
	step
	look look.2 "$(text)"
	cp "$STAGE/writer.out" "$STAGE/out.2"
	! ended writer || fail "the writer does not wait for the third line of its stdin; it printed: $(printed writer)"
	start_as attach /peer/shm_attach "$key" "$extra"
	if rig until quiet; then :; fi
	step
	if rig until exit writer; then :; fi
	echo "$answer" >"$STAGE/end"
	detach
	rig left
	keep steps
}

# read_states: readers of all that the kit's writer does, and what was there before and after each. The second one finds
# the segment empty still, but touched by the first one.
bytes_then=(0 0 2048 4097)
read_states() {
	local i
	extra=$(check_id=all number extra 1 3)
	kept states && return
	begin
	write_as writer /kit/writer
	for i in 0 1 2 3; do
		look before.$i
		start_as reader$i /lab/reader
		rig until exit reader$i || fail "the reader does not end: $answer"
		echo "$answer" >"$STAGE/end.$i"
		look after.$i
		[[ $i != 1 ]] || attach "$extra"
		[[ $i == 0 ]] || step
	done
	detach
	rig left
	keep states
}

@test "writer.story [2] without a line of its stdin the whole story follows unasked" {
	uses writer
	rule 'At the end of its standard input each step of the writer follows without one.'
	hint 'read() returns 0 at the end: go on.'
	begin
	start writer "$(text)"
	rig until exit writer || fail "writer does not end: $answer"
	[[ $answer == 'exit status '* ]] || fail "writer: $answer; it printed: $(printed writer)"
	must_say writer 'made.* 4097 bytes' 'writer: made ... 4097 bytes...'
	must_say writer 'stored 2048 of 4097 bytes'
	must_say writer 'stored 4097 of 4097 bytes'
	must_say writer 'dest.*nattch' 'writer: ... dest ... nattch N'
}

@test "writer.segment [2] a segment of 4097 bytes under the key of its file" {
	uses writer
	needs writer.story
	rule 'The key is ftok(px_ipc_path("key"), 7): whoever has the file finds the segment.'
	hint 'shmget(key, 4097, IPC_CREAT | IPC_EXCL | 0600), then shmat(); and wait for a line of stdin.'
	write_steps
	[[ $(seen look.0) == "segment id="* ]] || fail "before the first line of its stdin: $(seen look.0)"
	[[ $(value look.0 size) == "$size" && $(value look.0 nattch) -ge 1 ]] ||
		fail "before the first line of its stdin: $(seen look.0) and not size=4097, attached"
}

@test "writer.mode [1] its mode is 0600" {
	uses writer
	needs writer.segment
	rule 'The mode says who may attach it, as that of a file does: this one is for its owner only.'
	hint 'shmget(key, 4097, IPC_CREAT | IPC_EXCL | 0600)'
	write_steps
	[[ $(value look.0 mode) == 0600 ]] || fail "before the first line of its stdin: $(seen look.0) and not mode=0600"
}

@test "writer.steps [2] each line of its stdin is one step" {
	uses writer
	needs writer.segment
	rule 'First bytes 0 to 2047 are stored, then the rest, and not a byte behind the end.'
	hint 'text[i] = words[i % strlen(words)], for i from 0 to 2047, then to 4096.'
	write_steps
	[[ $(value look.0 stored) == 0 && $(value look.0 zeros) == "$size" ]] || fail "before the first line of its stdin: $(seen look.0)"
	[[ $(value look.1 stored) == 2048 && $(value look.1 zeros) == $((size - 2048)) ]] ||
		fail "after one line of its stdin: $(seen look.1) and not stored=2048 zeros=2049, copies of $(text)"
	[[ $(value look.2 stored) == "$size" && $(value look.2 beyond) == 0 ]] ||
		fail "after two lines of its stdin: $(seen look.2) and not stored=4097 beyond=0, copies of $(text)"
	! grep -q 'stored' "$STAGE/out.0" || fail "it says that bytes are stored before there are any: $(tr '\n' '|' <"$STAGE/out.0")"
	grep -q 'stored 2048 of 4097' "$STAGE/out.1" && ! grep -q 'stored 4097' "$STAGE/out.1" && grep -q 'stored 4097 of 4097' "$STAGE/out.2" ||
		fail "after one and after two lines of its stdin it had printed: $(tr '\n' '|' <"$STAGE/out.1") and $(tr '\n' '|' <"$STAGE/out.2")"
}

@test "writer.lines [2] a step for a whole line, its own line when it is done, and no byte behind the end" {
	uses writer
	needs writer.segment
	rule 'A step begins when a line is complete, however its bytes come; it is done when all its bytes are stored, and no others.'
	hint 'read() gives the part of a line that is there, or more than one line: go by the newline, and count each.'
	local behind n
	begin
	rig rule writer read,readv/stdin short 3
	rig rule writer read,readv/stdin@2 hold
	write_as writer /lab/writer
	start_as fill /peer/shm_fill "$key"
	ends fill
	look look.filled "$(text)"
	behind=$(value look.filled beyond)
	rig feed writer 'a few words' || :
	if rig until held; then :; fi
	look look.part "$(text)"
	[[ $(value look.part stored) == 0 ]] ||
		fail "it has read a part of a line of its stdin, but not its end, and there is: $(seen look.part)"
	rig feed writer 'and some more' || :
	rig forget
	if rig go writer; then :; fi
	rig until quiet || fail "the writer does not come to rest after two lines of its stdin: $answer"
	look look.both "$(text)"
	[[ $(value look.both stored) == "$size" ]] && ! ended writer ||
		fail "after two lines of its stdin that came at once: $(seen look.both) and not stored=4097, and a writer that waits"
	hint 'The last byte is text[4096]; what is behind it is not yours.'
	[[ $(value look.both beyond) == "$behind" ]] ||
		fail "of the $behind bytes behind the end, none of them 0, it has changed some: now beyond=$(value look.both beyond)"

	hint 'First store, then print.'
	begin
	write_as writer /lab/writer
	rig rule writer write,writev hold
	for n in 2048 4097; do
		rig feed writer '' || :
		for _ in {1..99}; do
			rig until held || break
			look look.line "$(text)"
			rig go writer
			rig until quiet || broken "$answer"
			! grep -q "stored $n of" "$STAGE/writer.out" || break
		done
		must_say writer "stored $n of 4097 bytes" "writer: stored $n of 4097 bytes, after its step"
		[[ $(value look.line stored) == "$n" ]] ||
			fail "when it prints that $n bytes are stored there is: $(seen look.line)"
	done
}

@test "writer.lock [3] a write lock on the key file until all is stored, then a read lock" {
	uses writer
	needs writer.segment
	rule 'Who asks for a read lock waits as long as there is a write lock: so long as the segment is not complete.'
	hint 'fcntl(file, F_SETLK, &lock) with F_WRLCK before shmget(), with F_RDLCK after the last byte, and no F_UNLCK in between;' \
		'l_start and l_len 0. To close any descriptor of the file gives the lock up, too.'
	sheet Why
	local i want
	write_steps
	for i in 0 1 2; do
		want='lock write whole'
		[[ $i != 2 ]] || want='lock read whole'
		grep -q "^$want" "$STAGE/look.$i" || fail "after $i lines of its stdin: $(grep lock "$STAGE/look.$i"), and not $want"
	done
	begin
	rig rule writer shmget hold-after
	start writer "$(text)"
	made_segment
	look look.made
	grep -q '^lock write whole' "$STAGE/look.made" ||
		fail "just after shmget() has made the segment: $(grep lock "$STAGE/look.made"), and not lock write whole"
	rig forget
	rig rule writer fcntl,close,open,openat,dup2,dup3 hold-after
	for _ in {1..99}; do
		rig go writer && rig until held || break
		look look.gap
		grep -q '^lock write whole' "$STAGE/look.gap" || break
	done
	grep -q '^lock read whole' "$STAGE/look.gap" || fail "between its write lock and its read lock there is: $(grep lock "$STAGE/look.gap")"
}

# made_segment: goes on to the end of the shmget() that has made (or found) the segment for use.
made_segment() {
	while rig until held && ! traced 'call == "shmget" && get("flags") ~ /[2367abef]..$/ && ret >= 0 && err == "" { found = 1 }'; do
		rig go writer
	done
	[[ $answer == held ]] || fail "no shmget() with IPC_CREAT has succeeded: $answer"
}

@test "writer.dest [3] it marks the segment while it is still attached, and tells how many have it" {
	uses writer
	needs writer.segment
	rule 'IPC_RMID takes the key away and marks the segment; the last one to detach it destroys it.'
	hint 'shmctl(id, IPC_RMID, NULL), shmctl(id, IPC_STAT, &state): state.shm_nattch; and only then shmdt().'
	sheet Why
	write_steps
	[[ $(<"$STAGE/end") == 'exit status 0' ]] || fail "after three lines of its stdin: $(<"$STAGE/end"), not exit status 0; it printed: $(printed writer)"
	traced 'call == "shmdt" && who ~ /^writer/ { detached = 1 }
		call == "shmctl" && get("cmd") == 0 && err == "" && who ~ /^writer/ && !detached { found = 1 }' ||
		fail 'no IPC_RMID succeeded before the first shmdt()'
	figure writer 'dest.*nattch[^0-9]{0,3}([0-9]+)' 'writer: ... dest ... nattch N'
	[[ $figure == $((extra + $(value look.2 nattch))) ]] ||
		fail "it says nattch $figure; but the writer had the segment attached $(value look.2 nattch) times, and another process $extra times"
}

@test "writer.removes [2] when it has ended the segment and the key file are gone" {
	uses writer
	needs writer.segment
	rule 'Nothing removes a segment by itself, and nothing removes a file.'
	hint 'shmctl(id, IPC_RMID, NULL), then unlink() the key file.'
	sheet Why
	write_steps
	[[ ! -s $STAGE/left ]] || fail "left behind: $(head -n 5 "$STAGE/left" | tr '\n' ';' | tr -c '[:print:]' '?')"
}

@test "writer.second [2] a second writer: an error, and the first one goes on" {
	uses writer
	needs writer.segment writer.removes
	rule 'Two writers at one segment would remove it for each other.'
	hint 'fcntl(file, F_SETLK, &lock) == -1: err_sys. And remove nothing then.'
	local id
	begin
	write_as writer /lab/writer
	step
	look look.1 "$(text)"
	id=$(value look.1 id)
	start_as second /lab/writer "$(word 1 9)"
	rig until exit second || fail "a second writer does not end, although there is one: $answer"
	[[ $answer != 'exit status 0' ]] || fail "a second writer ends with status 0, although there is one; it printed: $(printed second)"
	ends_badly second
	look look.2 "$(text)"
	[[ $(value look.2 id) == "$id" && $(value look.2 stored) == "$(value look.1 stored)" ]] ||
		fail "before a second writer: $(seen look.1) after it: $(seen look.2)"
	step
	look look.3 "$(text)"
	[[ $(value look.3 id) == "$id" && $(value look.3 stored) == "$size" ]] || fail "the first one, after the end of a second writer: $(seen look.3)"
	step
	ends writer
	nothing_left
}

@test "writer.again [3] after a killed writer the next one starts with an empty segment" {
	uses writer
	needs writer.segment
	rule 'A killed writer leaves its segment behind: with its size, and all that was stored.'
	hint 'Remove the old segment (shmget(key, 0, 0), IPC_RMID) before you make a new one.'
	sheet Why
	local old
	for old in '' 100 12000; do
		begin
		if [[ -z $old ]]; then
			write_as writer /lab/writer "$(word 1 20)"
			step
			step
			rig signal writer SIGKILL
			if rig until exit writer; then :; fi
			look look.old "$(word 1 20)"
			[[ $(value look.old stored) == "$size" ]] || fail "of a killed writer there is left: $(seen look.old)"
		else
			start_as make /peer/shm_make "$key" "$old" "$old" "$(word 1 20)"
			ends make
		fi
		write_as writer /lab/writer
		look look.new "$(text)"
		[[ $(value look.new size) == "$size" && $(value look.new stored) == 0 && $(value look.new zeros) == "$size" ]] ||
			fail "after a killed writer, which had stored ${old:-4097} of ${old:-4097} bytes, there is now: $(seen look.new) and not size=4097 zeros=4097; the writer printed: $(printed writer)"
	done
}

@test "writer.signals [2] SIGINT and SIGTERM at any moment: nothing is left" {
	uses writer
	needs writer.removes
	rule 'The default action of a signal removes nothing.'
	hint 'Catch SIGINT and SIGTERM before you make anything, and go on to the end (or remove all in the handler).'
	local moment sig end
	for moment in 'it waits for its first line' 'it waits for its third line' 'it has opened the key file' 'it has made the segment'; do
		begin
		case $moment in
		*file) rig rule writer open,openat/key hold-after ;;
		*segment) rig rule writer shmget hold-after ;;
		esac
		write_as writer /lab/writer
		[[ $moment != *segment ]] || made_segment
		[[ $moment != *third* ]] || { step && step; }
		[[ $moment == *file || $moment == *third* ]] && sig=SIGINT || sig=SIGTERM
		rig signal writer.first "$sig"
		rig forget
		if rig go writer; then :; fi
		rig until exit writer || fail "the writer does not end after a $sig that came when $moment: $answer"
		end=$answer
		rig left
		[[ ! -s $STAGE/left ]] || fail "after a $sig that came when $moment ($end) there is left: $(head -n 3 "$STAGE/left" | tr '\n' ';' | tr -c '[:print:]' '?')"
	done
}

@test "writer.missed [1] no signal comes too late to be seen" {
	uses writer
	needs writer.signals
	rule 'A signal that comes after a look at a flag, but before the read() that sleeps, does not interrupt it.'
	hint 'Let the handler do something that read() cannot miss: close its descriptor; or ppoll(); or remove all in it and _exit().'
	begin
	write_as writer /lab/writer
	rig until blocked writer read,readv,poll,ppoll,select,pselect6,epoll_wait,epoll_pwait || fail "the writer does not wait for a line of its stdin: $answer"
	rig rule writer "$(sed -E 's/.* call=([^ ]+).*/\1/' <<<"$answer")@1" signal SIGTERM
	rig feed writer ''
	rig until exit writer || fail "$(traced 'call == "signalled" { print "a SIGTERM came just before " get("before") "()"; found = 1 }'), and the writer sleeps on: $answer"
	nothing_left
}

@test "writer.error [2] a call that fails ends the writer with a message" {
	uses writer
	needs writer.segment
	rule 'The result of every system call is looked at: ftok() and shmget() return -1, shmat() returns (void *)-1, not NULL.'
	hint 'if ((text = shmat(id, NULL, 0)) == (void *)-1) err_sys("shmat");'
	sheet Why
	fault shmget ENOSPC writer
	fault shmat EACCES writer
	fault stat,newfstatat,statx/key EACCES writer
	fault open,openat/key EACCES writer
	fault fcntl/key ENOLCK writer
	fault fcntl/key@2 ENOLCK writer
	fault shmctl EPERM writer
}

@test "reader.sees [3] it sees what is there at the moment, and waits for nobody" {
	uses reader
	rule 'What one process stores in shared memory is there for the other at once.'
	hint 'shmget(ftok(path, 7), 0, 0), shmat(), and count: strnlen(text, size).'
	local i n
	read_states
	for i in 0 1 2 3; do
		[[ $(<"$STAGE/end.$i") == 'exit status 0' ]] || fail "reader: $(<"$STAGE/end.$i"), not exit status 0; it printed: $(printed reader$i)"
		n=${bytes_then[i]}
		said reader$i "sees $n of 4097 bytes: \"$(copies $((n < 11 ? n : 11)))\"" ||
			fail "$n bytes are stored, and the first are \"$(copies $((n < 11 ? n : 11)))\"; it printed: $(printed reader$i)"
	done
}

@test "reader.state [2] it tells the size, the memory and the attachments" {
	uses reader
	needs reader.sees
	rule 'Memory is given by the page, when it is first touched; nattch counts the attachments, its own too.'
	hint 'shmctl(id, IPC_STAT, &state) after shmat(); the memory is in the last two columns of /proc/sysvipc/shm.'
	sheet Why
	local i line='reader: ... 4097 bytes, N in memory, nattch N'
	read_states
	for i in 0 1 2 3; do
		figure reader$i '4097 bytes.*[^0-9]([0-9]+) in memory' "$line"
		[[ $figure == "$(value before.$i memory)" || $figure == "$(value after.$i memory)" ]] ||
			fail "it says that $figure bytes are in memory; there were $(value before.$i memory), with ${bytes_then[i]} bytes stored$([[ $i != 1 ]] || echo ', after another look at them')"
		figure reader$i '4097 bytes.*nattch[^0-9]{0,3}([0-9]+)' "$line"
		[[ $figure == $(($(value before.$i nattch) + 1)) ]] ||
			fail "it says nattch $figure; there were $(value before.$i nattch) attachments and its own"
	done
}

@test "reader.readonly [2] it attaches the segment read-only, and leaves all as it is" {
	uses reader
	needs reader.sees
	rule 'Who only reads asks for no more: shmat() with SHM_RDONLY.'
	hint 'shmat(id, NULL, SHM_RDONLY)'
	read_states
	! traced 'call == "shmat" && who ~ /^reader/ && err == "" && get("flags") !~ /[13579bdf]...$/ {
			print pid " " call " flags=" get("flags"); found = 1 }' >"$STAGE/shmat" ||
		fail "attached for writing too: $(head -n 1 "$STAGE/shmat")"
	[[ ! -s $STAGE/left ]] || fail "left behind: $(head -n 5 "$STAGE/left" | tr '\n' ';' | tr -c '[:print:]' '?')"
}

@test "reader.bounds [1] it counts up to the first 0, and not beyond the end" {
	uses reader
	needs reader.sees
	rule 'The segment has 4097 bytes, all may be other than 0, and what is behind them is not yours.'
	hint 'strnlen(text, state.shm_segsz): no strlen(), no %s without a precision.'
	local n
	for n in $(number 1 1 10) $(number 2 12 4000) 4097; do
		begin
		start_as make /peer/shm_make "$key" $size "$n" "$(text)"
		ends make
		start reader
		ends reader
		must_say reader "sees $n of 4097 bytes: \"$(copies $((n < 11 ? n : 11)))\"" "reader: sees $n of 4097 bytes: \"$(copies $((n < 11 ? n : 11)))\", when $n bytes are not 0"
	done
	n=$(number 3 12 2000)
	begin
	start_as make /peer/shm_make "$key" $size "$n" "$(text)" "$(text)"
	ends make
	start reader
	ends reader
	must_say reader "sees $n of 4097 bytes: \"$(copies 11)\"" "reader: sees $n of 4097 bytes: \"$(copies 11)\", when byte $n is 0, and those behind it are not"
}

sleeps_in_fcntl() {
	local why
	rig until blocked reader fcntl && return
	why=$answer
	! ended reader || why='it has ended without waiting'
	fail "reader wait does not sleep in fcntl() while there is a write lock: $why; it printed: $(printed reader)"
}

@test "reader.wait [3] reader wait attaches it, then sleeps until the writer lets it in" {
	uses reader
	needs reader.sees
	rule 'Loads and stores make nobody wait; a read lock on the key file does, as long as there is a write lock.'
	hint 'fcntl(file, F_SETLKW, &lock) with F_RDLCK, after shmat() and before you count.'
	sheet Why
	begin
	write_as writer /kit/writer
	start reader wait
	for _ in 1 2; do
		sleeps_in_fcntl
		look look.waits
		[[ $(value look.waits nattch) == 2 ]] || fail "reader wait sleeps, but does not have the segment attached: $(seen look.waits)"
		step
	done
	ends reader
	must_say reader 'sees 4097 of 4097 bytes'
	begin
	write_as writer /kit/writer
	step
	start reader wait
	sleeps_in_fcntl
	rig signal writer SIGKILL
	ends reader
	must_say reader 'sees 2048 of 4097 bytes' 'reader: sees 2048 of 4097 bytes, when the writer is killed at half-time'
}

@test "reader.try [3] reader try stores into it: a SIGSEGV, and nothing has changed" {
	uses reader
	needs reader.state
	rule 'A store to pages that can only be read is a SIGSEGV; a second shmat() raises nattch by one.'
	hint 'shmat() once more, then shmctl(id, IPC_STAT, &state) again: state.shm_nattch.'
	sheet Why
	local first extra
	extra=$(number extra 1 3)
	begin
	write_as writer /kit/writer
	step
	step
	attach "$extra"
	start reader try
	ends reader
	figure reader '4097 bytes.*nattch[^0-9]{0,3}([0-9]+)' 'reader: ... 4097 bytes, N in memory, nattch N'
	first=$figure
	[[ $first == $((extra + 2)) ]] || fail "it says nattch $first; there were $((extra + 1)) attachments and its own"
	must_say reader "nattch[^0-9]{0,3}$((first + 1))([^0-9]|\$)" "a line with nattch $((first + 1)), one more"
	hint 'Let a child do it: *(volatile char *)text = 33. The parent sees WTERMSIG(status) == SIGSEGV.'
	must_say reader SIGSEGV 'reader: ... SIGSEGV'
	traced 'function number(text,   i, n) { for (i = 3; i <= length(text); i++) n = n * 16 + hex("0" substr(text, i, 1)); return n }
		call == "shmat" && who ~ /^reader/ && err == "" { at[++count] = number(get("ret")) }
		call == "signal" && get("sig") == "SIGSEGV" && get("addr") != "" && who ~ /^reader/ {
			for (i in at) if (number(get("addr")) - at[i] >= 0 && number(get("addr")) - at[i] < 4097) found = 1 }' ||
		fail 'it says so, but no process of the reader had a SIGSEGV from a store into the attached segment'
	look look.after "$(text)"
	[[ $(value look.after stored) == "$size" ]] || fail "the segment has changed: $(seen look.after)"
	all_waited_for
}

# finds_none WHY: a reader that says so.
finds_none() {
	local end
	start reader
	rig until exit reader || fail "$1, and reader does not end: $answer"
	end=$answer
	rig left
	! grep -q sysv "$STAGE/left" || fail "$1, and the reader has made one: $(grep sysv "$STAGE/left")"
	[[ $end == 'exit status '* && $end != 'exit status 0' ]] || fail "$1, and the reader's end is: $end; it printed: $(printed reader)"
	[[ -s $STAGE/reader.err ]] || fail "$1, and the reader has not a word on stderr about it"
}

@test "reader.none [1] no segment: an error, and it makes none" {
	uses reader
	needs reader.sees
	rule 'shmget() without IPC_CREAT fails if there is no segment under the key; with it, it would make one.'
	hint 'shmget(key, 0, 0); and look at what ftok() returns when there is no file.'
	begin
	finds_none 'there was no key file'
	nothing_left
	begin
	rig file "$key" 0600 ''
	finds_none 'there was a key file, but no segment'
}

# faulty CALLS ERRNO [ARG]: such a call of the reader fails, with a writer that has stored all.
faulty() {
	begin
	write_as writer /kit/writer
	[[ ${3:-} == wait ]] || { step && step; }
	rig rule reader "$1" fail "$2"
	start reader "${@:3}"
	if rig until exit reader; then :; fi
	! traced 'err == want && who ~ /^reader/ && call ~ "^(" calls ")$" { found = 1 }' want="$2" calls="$(sed 's/[/@].*//; s/,/|/g' <<<"$1")" ||
		ends_badly reader
}

@test "reader.error [2] a call that fails ends the reader with a message" {
	uses reader
	needs reader.sees
	rule 'The result of every system call is looked at: shmat() returns (void *)-1 on failure, not NULL.'
	hint 'if ((text = shmat(id, NULL, SHM_RDONLY)) == (void *)-1) err_sys("shmat");'
	sheet Why
	faulty shmat EACCES
	faulty shmat@2 EMFILE try
	faulty shmget EACCES
	faulty fcntl/key ENOLCK wait
	faulty fork,vfork,clone,clone3@1 EAGAIN try
}
