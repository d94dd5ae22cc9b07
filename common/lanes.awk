# lanes.awk - what processes did to each other, from an strace log: one lane a process, time downwards.
#
# usage: strace -f -ttt -T -y -q -s 80 -o LOG PROGRAM
#        LC_ALL=C awk [-v format=text|svg] [-v columns=N] [-v colour=1] [-v about=TEXT] -f lanes.awk LOG
#
# In three steps: read the log into calls and events; play the events on a model of the pipes, descriptors
# and mappings, which yields the rows of the picture; draw the rows.
#
# The log says when a call was entered and when it was left, but not when it did its work. The model decides:
# a call works as soon as it can. read() of an empty pipe cannot before something is written, write() to a
# full one not before something is read: it is blocked, from the row of its entry to that of its result,
# which follows the row of the call that woke it.

BEGIN {
	if (columns < 80)
		columns = format == "svg" ? 104 : 80
	PIPE_BUF = 4096

	# A sign is a single byte until it is printed, so that length() is right in every awk.
	BLOCKED = sign("\001", "\342\224\203") # ┃
	FROM = sign("\002", "\342\224\217") # ┏
	UNTIL = sign("\003", "\342\224\227") # ┗
	ALIVE = sign("\004", "\342\224\212") # ┊
	LINE = sign("\005", "\342\224\200") # ─
	RIGHT = sign("\006", "\342\226\266") # ▶
	LEFT = sign("\007", "\342\227\200") # ◀
	FILLED = sign("\010", "\342\226\210") # █
	EMPTY = sign("\016", "\342\226\221") # ░
	OPEN = sign("\017", "\342\200\234") # “
	CLOSE = sign("\034", "\342\200\235") # ”
	split("\024 \025 \026 \027 \030 \031 \032", byte, " ")
	split("\217 \216 \215 \214 \213 \212 \211", end, " ")
	for (i = 1; i < 8; i++) { # ▏ to ▉
		EIGHTHS[i] = sign(byte[i], "\342\226" end[i])
		eighths_of[EIGHTHS[i]] = i
	}
	STOP = sign("\020", "\342\226\240") # ■
	CROSS = sign("\021", "\303\227") # ×
	MORE = sign("\022", "\342\200\246") # …
	DOTS = sign("\023", "\342\213\256") # ⋮

	# In an SVG, these stay text; the others become shapes.
	is_letter[OPEN] = is_letter[CLOSE] = is_letter[MORE] = is_letter[DOTS] = 1
	is_letter[STOP] = is_letter[CROSS] = 1

	# The calls that can belong to the story: whatever else the log has is left out.
	split("read pread64=pread readv=read write pwrite64=pwrite writev=write close open openat=open " \
	      "pipe pipe2=pipe mknod mknodat=mknod unlink unlinkat=unlink link linkat=link " \
	      "dup dup2=dup dup3=dup fcntl ioctl fork vfork=fork clone=fork clone3=fork execve=exec " \
	      "wait4=wait waitid=wait " \
	      "exit exit_group=exit kill tkill=kill tgkill=kill rt_sigaction=sigaction pause " \
	      "rt_sigsuspend=sigsuspend poll ppoll=poll futex mmap munmap msync ftruncate " \
	      "shmget shmat shmdt shmctl semget semop semtimedop=semop semctl", word, " ")
	for (i in word) {
		split(word[i], name, "=")
		STORY[name[1]] = name[2] != "" ? name[2] : name[1]
	}
}

function sign(byte, utf8) {
	printed_as[byte] = utf8
	return byte
}

# ---- 1. The log: PID TIME CALL(ARGUMENTS) = RESULT, or the two halves of it, a signal, an end ----

$1 ~ /^[0-9]+$/ && $2 ~ /^[0-9]+\.[0-9]+$/ {
	text = $0
	sub(/^ *[0-9]+ +[0-9.]+ /, "", text)
	if (text ~ /^--- SIG/) {
		event("signal", text, $2)
		arrives[$4] = 1
	} else if (text ~ /^\+\+\+ (exited|killed)/)
		event("end", text, $2)
	else if (text ~ /^<\.\.\. /)
		resumed(text)
	else if (text ~ /^[a-z_0-9]+\(/)
		entered(text)
}

# The events are kept in the order of time, also if each program has a log of its own.
function event(what, detail, time,    at) {
	E_what[++events] = what
	E_pid[events] = $1
	E_time[events] = time
	E_detail[events] = detail
	for (at = events; at > 1 && E_time[ordered[at - 1]] > time; at--)
		ordered[at] = ordered[at - 1]
	ordered[at] = events
}

function entered(text,    name, args) {
	name = substr(text, 1, index(text, "(") - 1)
	args = substr(text, length(name) + 2)
	delete unfinished[$1]
	if (!(name in STORY) || is_housekeeping(name, args))
		return
	C_name[++calls] = STORY[name]
	C_pid[calls] = $1
	event("enter", calls, $2)
	if (sub(/ *<unfinished \.\.\.>$/, "", args)) {
		C_args[calls] = args
		unfinished[$1] = calls
	} else
		complete(calls, args, $2)
}

function resumed(text) {
	if (!($1 in unfinished))
		return
	sub(/^<\.\.\. [a-z_0-9]+ resumed>/, "", text)
	complete(unfinished[$1], C_args[unfinished[$1]] text, "")
	delete unfinished[$1]
}

# TEXT is the rest of the call: ARGUMENTS) = RESULT <TIME>. It was left TIME after SINCE, or now.
function complete(i, text, since,    at, skip, took) {
	if (match(text, / <[0-9.]+>$/)) {
		took = substr(text, RSTART + 2, RLENGTH - 3)
		text = substr(text, 1, RSTART - 1)
	}
	skip = 0
	while (match(substr(text, skip + 1), /\) += /)) {
		at = skip + RSTART
		skip += RSTART + RLENGTH - 1
	}
	C_args[i] = substr(text, 1, at - 1)
	C_result[i] = substr(text, skip + 1)
	event("leave", i, since == "" ? $2 : since + took)
	foresee(i)
}

# The dynamic loader at work, and the C library with its locales: no part of the story.
function is_housekeeping(name, args) {
	return name != "execve" && \
	       args ~ /(^|, )([0-9]+<|(AT_FDCWD<[^>]*>, )?")\/(etc|usr|lib|lib64|nix|sys)\//
}

# What the rows need to know before its time: who is whose child, what it calls itself, what is a FIFO.
function foresee(i,    pid, child, line) {
	pid = C_pid[i]
	if (C_name[i] == "fork" && (child = number(C_result[i])) > 0) {
		parent_of[child] = pid
		is_thread[child] = C_args[i] ~ /CLONE_THREAD/
		if (!is_thread[child])
			has_child[pid] = 1
	} else if (C_name[i] == "exec" && C_result[i] ~ /^0/ && !(pid in program_of)) {
		programs += !(pid in parent_of)
		program_of[pid] = base_name(quoted(C_args[i]))
	} else if (C_name[i] == "mknod" && C_args[i] ~ /S_IFIFO/)
		kind_of[path_of(C_args[i])] = "FIFO"
	else if (C_name[i] == "write" && C_args[i] ~ /^1</ && !(pid in role_of)) {
		line = quoted(C_args[i])
		if (match(line, /^[a-z]+: /))
			role_of[pid] = substr(line, 1, RLENGTH - 2)
	}
}

# ---- Words of the log ----

function number(result) {
	return result ~ /^-?[0-9]/ ? result + 0 : -1
}

# "EAGAIN" of "-1 EAGAIN (Resource temporarily unavailable)"; nothing if the call did not fail
function error_of(result,    word) {
	return result ~ /^-1 E/ && split(result, word, " ") ? word[2] : ""
}

function with_error(i, text) {
	return text (error_of(C_result[i]) ? " = " error_of(C_result[i]) : "")
}

# Did a signal end the call, or its process? (Or is that the end of the log?)
function cut_short(i) {
	return C_result[i] == "" || C_result[i] ~ /^\?/ || error_of(C_result[i]) == "EINTR"
}

# The first string among the arguments, without its quotes
function quoted(args) {
	return match(args, /"([^"\\]|\\.)*"/) ? substr(args, RSTART + 1, RLENGTH - 2) : ""
}

function readable(text) {
	gsub(/\\[23][0-7][0-7]|\\x[0-9a-f][0-9a-f]/, "?", text)
	sub(/(\\n)+$/, "", text)
	gsub(/\\[nt]/, " ", text)
	gsub(/\\"/, "\"", text)
	return text
}

# What was read or written, if it is text and short
function data_of(i, n,    text) {
	text = quoted(C_args[i])
	sub(/(\\0)+$/, "", text)
	if (text == "" || n < 1 || length(text) > 60 || text ~ /\\[0-7x]/)
		return ""
	return " \"" shorten(readable(text), 14) "\""
}

function shorten(text, width) {
	return length(text) > width ? substr(text, 1, width - 1) MORE : text
}

function base_name(path) {
	sub(/.*\//, "", path)
	return path
}

# What a descriptor stands for: "pipe:[123]" of 3<pipe:[123]>, the first one in TEXT
function target_of(text) {
	return match(text, /[0-9]<[^>]*>/) ? substr(text, RSTART + 2, RLENGTH - 3) : ""
}

# The number of bytes, after the data
function after_data(args) {
	sub(/^[^,]*, ("([^"\\]|\\.)*"[.]*|[^,]*), /, "", args)
	return args + 0
}

function path_of(args,    path) {
	path = quoted(args)
	if (path !~ /^\// && match(args, /^AT_FDCWD<[^>]*>/))
		path = substr(args, 10, RLENGTH - 10) "/" path
	return path
}

function last_number(args) {
	return match(args, /[0-9]+$/) ? substr(args, RSTART) + 0 : 0
}

function field(args, n,    word) {
	split(args, word, ", ")
	return word[n]
}

function hex(text,    k, value) {
	for (k = 3; k <= length(text); k++)
		value = value * 16 + index("0123456789abcdef", substr(text, k, 1)) - 1
	return value
}

# ---- 2. The story: the events once more, in order ----

END {
	for (n = 1; n <= events; n++) {
		e = ordered[n]
		if (E_what[e] == "enter")
			C_entered[E_detail[e]] = n
		else if (E_what[e] == "leave")
			C_left[E_detail[e]] = n
	}
	for (turn = 1; turn <= events; turn++) {
		e = ordered[turn]
		now = E_time[e] - E_time[ordered[1]]
		if (E_what[e] == "enter")
			enter(E_detail[e])
		else if (E_what[e] == "leave")
			leave(E_detail[e])
		else if (E_what[e] == "signal")
			signal_arrives(E_pid[e], E_detail[e])
		else
			process_ends(E_pid[e], E_detail[e])
	}
	for (n = 1; n <= calls; n++)
		if (C_state[n] == "waits")
			row(C_pid[n], "still", "(still blocked)")
	fold_stretches()
	if (format == "svg")
		draw_svg()
	else
		draw_text()
}

function enter(i,    name, object) {
	name = C_name[i]
	object = target_of(C_args[i])
	if (is_look(i))
		return
	if ((name == "read" || name == "write") && is_pipe(object))
		transfer(i, object)
	else if (name == "write" && C_args[i] ~ /^[12]</)
		print_line(i)
	else if (name ~ /^p?(read|write)$/)
		file_transfer(i, object)
	else if (name == "pipe")
		make_pipe(i)
	else if (name == "open")
		open_file(i)
	else if (name == "close")
		close_descriptor(i)
	else if (name == "dup" || name == "fcntl")
		change_descriptor(i, object)
	else if (name ~ /^(mknod|unlink|link|ftruncate)$/)
		change_name(i, object)
	else if (name == "fork")
		fork_process(i)
	else if (name == "exec")
		exec_program(i)
	else if (name == "exit")
		exit_process(i)
	else if (name == "wait")
		wait_for_child(i)
	else if (name == "kill")
		send_signal(i)
	else if (name == "sigaction")
		set_action(i)
	else if (name == "poll")
		poll_pipes(i)
	else if (name == "pause" || name == "sigsuspend")
		await(i, name)
	else if (name == "futex")
		use_futex(i)
	else if (name ~ /^m|munmap/)
		use_mapping(i)
	else if (name ~ /^sh/)
		use_shared_memory(i)
	else if (name ~ /^sem/)
		use_semaphores(i)
}

# A call that was waited for is over at the latest when the log says so.
function leave(i) {
	if (C_state[i] == "waits" || C_state[i] == "is late") {
		if (C_result[i] ~ /^\?/) # the row of the signal, or of the end, will tell
			return
		if (C_way[i] == "w" && number(C_result[i]) > 0)
			fill[C_object[i]] += C_bytes[i]
		else if (C_way[i] == "r" && (fill[C_object[i]] -= C_bytes[i]) < 0)
			fill[C_object[i]] = 0
		finish(i)
	} else if (C_state[i] == "open")
		finish(i)
}

# A row of the picture. Kinds: call, print, look, start, from (blocked), until, signal, end, killed.
# The same once more, and nobody else has touched the object meanwhile: the row only counts.
function row(pid, kind, text, object, direction,    lane, r) {
	lane = lane_of(pid)
	r = last_row[lane]
	if (kind == "call" && r && R_kind[r] == kind && R_text[r] == text && R_object[r] == object &&
	    R_direction[r] == direction && (object == "" || last_touch[object] == r))
		R_count[r]++
	else {
		tell_looks(lane, pid)
		r = last_row[lane] = ++rows
		R_time[r] = now
		R_lane[r] = lane
		R_kind[r] = kind
		R_text[r] = text
		R_object[r] = object
		R_direction[r] = direction
		R_count[r] = 1
	}
	looks[lane] = proc_looks[lane] = 0
	bytes_seen[lane] = ""
	if (object != "") {
		introduce(object)
		if (direction != "")
			last_touch[object] = r
		R_fill[r] = fill[object]
		R_capacity[r] = capacity[object]
	}
	return r
}

# A row that shows a count of the object instead of its fill.
function noted_row(pid, kind, text, object, note,    r) {
	r = row(pid, kind, text, object, "")
	R_note[r] = note
	return r
}

# "pipe", or "pipe 2" if there are several
function label(object) {
	return kind_of[object] (objects_of[kind_of[object]] > 1 ? " " label_of[object] : "")
}

function introduce(object,    kind) {
	if (object in label_of)
		return
	kind = kind_of[object]
	label_of[object] = ++objects_of[kind]
	object_number[++objects] = object
}

# -- Lanes and names --

function name_of(pid) {
	if (pid in role_of)
		return role_of[pid]
	return relation_of(pid)
}

function relation_of(pid) {
	if (pid in parent_of)
		return is_thread[pid] ? "thread" : "child"
	return pid in has_child ? "parent" : program_of[pid]
}

# The lane of a process: its own, or that of one of the same name that has ended.
function lane_of(pid,    name, k) {
	if (pid in lane)
		return lane[pid]
	name = name_of(pid)
	for (k = 1; (name, k) in lane_named && lane_in_use[lane_named[name, k]]; k++)
		;
	if (!((name, k) in lane_named)) {
		lane_named[name, k] = ++lanes
		lane_name[lanes] = name (k > 1 ? " " k : "")
		lane_title[lanes] = lane_name[lanes]
		if ((pid in parent_of || pid in has_child) && relation_of(pid) != name)
			lane_title[lanes] = lane_title[lanes] " (" relation_of(pid) ")"
	}
	lane[pid] = lane_named[name, k]
	lane_in_use[lane[pid]] = 1
	return lane[pid]
}

function lane_name_of(pid) {
	return lane_name[lane_of(pid)]
}

# Threads share the descriptors and the memory of their process.
function process(pid) {
	while (is_thread[pid])
		pid = parent_of[pid]
	return pid
}

# -- Calls that wait --

# The call I is blocked until leave() or settle() says otherwise.
function start_to_wait(i, object) {
	C_state[i] = "waits"
	waits_in[C_pid[i]] = i
	row(C_pid[i], "from", C_text[i], object, "")
}

# A call that may wait for anything: it did, if others did something before it was over.
function await(i, text, object,    k, others) {
	C_text[i] = text
	C_object[i] = object
	for (k = C_entered[i] + 1; k < C_left[i] && !others; k++)
		others = E_pid[ordered[k]] != C_pid[i]
	if (others || cut_short(i))
		start_to_wait(i, object)
	else
		C_state[i] = "open"
}

# The call I has a result: say it, beside the end of the bar if the call was blocked.
function finish(i,    r, waited, direction) {
	waited = C_state[i] == "waits"
	C_state[i] = "over"
	if (waited)
		delete waits_in[C_pid[i]]
	if (!error_of(C_result[i]))
		direction = C_way[i] == "w" ? "in" : C_way[i] == "r" ? "out" : ""
	r = row(C_pid[i], waited ? "until" : "call", joined(waited ? "" : C_text[i], result_of(i, waited)),
		C_object[i], direction)
	if (C_way[i] == "open" && !error_of(C_result[i]))
		R_note[r] = ends_of(C_object[i])
	return r
}

function joined(text, more) {
	return text (text != "" && more != "" ? " " : "") more
}

function result_of(i, waited,    n, asked, error) {
	n = number(C_result[i])
	asked = last_number(C_args[i])
	if (error = error_of(C_result[i]))
		return "= " error
	if (C_way[i] == "w")
		return waited || n != asked ? "= " n : ""
	if (C_way[i] == "r")
		return n == 0 ? "= 0 end of file" : (waited || n != asked ? "= " n : "") data_of(i, n)
	if (C_name[i] == "wait")
		return "= " (n > 0 ? lane_name_of(n) : n) how_ended(C_args[i])
	if (C_name[i] == "poll" && match(C_result[i], /revents=[A-Z|]+/))
		return "= " substr(C_result[i], RSTART + 8, RLENGTH - 8)
	return waited ? "= " n : ""
}

function how_ended(args) {
	if (match(args, /WTERMSIG\(s\) == [A-Z0-9]+/))
		return ", killed by " substr(args, RSTART + 15, RLENGTH - 15)
	if (match(args, /WEXITSTATUS\(s\) == [0-9]+/))
		return ", exit " substr(args, RSTART + 18, RLENGTH - 18)
	return ""
}

# -- Pipes and FIFOs --

function is_pipe(object) {
	return kind_of[object] == "pipe" || kind_of[object] == "FIFO"
}

function transfer(i, object,    n, asked) {
	n = number(C_result[i])
	asked = last_number(C_args[i])
	C_object[i] = object
	C_way[i] = C_name[i] == "read" ? "r" : "w"
	C_text[i] = C_name[i] (asked ? " " asked : "") (C_way[i] == "w" ? data_of(i, asked) : "")
	C_bytes[i] = n > 0 ? n : cut_short(i) && C_way[i] == "w" && asked > PIPE_BUF ? asked : 0
	if (works(i))
		finish(i)
	else {
		queue[object, ++queued[object]] = i
		if (C_way[i] == "r" && fill[object] > 0)
			C_state[i] = "is late" # it came back with more than there is: with the next write
		else
			start_to_wait(i, object)
	}
	settle(object)
}

# Can the call I do its work now? If so it does, as far as it can; true if that is all.
function works(i,    object, error, room) {
	object = C_object[i]
	error = error_of(C_result[i])
	if (C_way[i] == "open")
		return ends[object, "r"] && ends[object, "w"]
	if (C_way[i] == "poll")
		return fill[object] > 0 || !ends[object, "w"]
	if (C_way[i] == "r") {
		if (cut_short(i) || fill[object] < C_bytes[i])
			return 0
		if (!error && C_bytes[i] == 0 && ends[object, "w"])
			return 0
		fill[object] -= C_bytes[i]
		return 1
	}
	if (error == "EPIPE")
		return !ends[object, "r"]
	room = capacity[object] - fill[object]
	if (room < C_bytes[i] && C_bytes[i] <= PIPE_BUF)
		return 0
	if (room > C_bytes[i])
		room = C_bytes[i]
	fill[object] += room
	C_bytes[i] -= room
	if (C_bytes[i] > 0 || cut_short(i))
		return 0
	return error || nonblocking[object, "w"] || number(C_result[i]) == last_number(C_args[i])
}

# Something about OBJECT has changed: whoever waits for that goes on.
function settle(object,    k, i, again) {
	do {
		again = 0
		for (k = 1; k <= queued[object]; k++) {
			i = queue[object, k]
			if (C_state[i] != "waits" && C_state[i] != "is late")
				queue[object, k--] = queue[object, queued[object]--]
			else if (works(i)) {
				finish(i)
				again = 1
			}
		}
	} while (again)
}

function make_pipe(i,    object, read_end, write_end) {
	if (error_of(C_result[i])) {
		row(C_pid[i], "call", "pipe = " error_of(C_result[i]))
		return
	}
	object = target_of(C_args[i])
	kind_of[object] = "pipe"
	capacity[object] = 65536
	fill[object] = 0
	match(C_args[i], /, [0-9]+</) # of [3<pipe:[123]>, 4<pipe:[123]>]
	read_end = substr(C_args[i], 2) + 0
	write_end = substr(C_args[i], RSTART + 2) + 0
	hold(C_pid[i], read_end, object, "r", C_args[i])
	hold(C_pid[i], write_end, object, "w", C_args[i])
	row(C_pid[i], "call", "pipe = " read_end ", " write_end, object, "")
	if (C_args[i] ~ /O_NONBLOCK/)
		nonblocking[object, "r"] = nonblocking[object, "w"] = 1
}

function open_file(i,    path, object, way, error) {
	path = path_of(C_args[i])
	object = target_of(C_result[i]) != "" ? target_of(C_result[i]) : path
	if (kind_of[path] == "FIFO")
		kind_of[object] = "FIFO"
	else if (path ~ /^\/(dev|proc)(\/|$)/ && path !~ /^\/dev\/shm\//)
		return
	else if (kind_of[object] == "")
		kind_of[object] = path !~ /^\/dev\/shm\// ? "file" : path ~ /\/sem\./ ? "semaphore" : "memory"
	if (kind_of[object] == "semaphore")
		return
	way = C_args[i] ~ /O_RDWR/ ? "rw" : C_args[i] ~ /O_WRONLY/ ? "w" : "r"
	error = error_of(C_result[i])
	C_object[i] = error || !is_pipe(object) ? "" : object
	C_text[i] = "open " kind_of[object] " to " (way == "rw" ? "read and write" : way == "w" ? "write" : "read")
	if (C_args[i] ~ /O_NONBLOCK/)
		C_text[i] = C_text[i] ", O_NONBLOCK"
	if (!error && C_result[i] != "")
		hold(C_pid[i], C_result[i] + 0, object, way, C_args[i])
	if (!is_pipe(object)) {
		finish(i)
		return
	}
	if (capacity[object] == "")
		capacity[object] = 65536
	C_way[i] = "open"
	if (error && error != "EINTR" || C_args[i] ~ /O_NONBLOCK/ || works(i))
		finish(i)
	else {
		queue[object, ++queued[object]] = i
		start_to_wait(i, object)
	}
	settle(object)
}

function poll_pipes(i,    fd, rest, object) {
	C_text[i] = "poll"
	if (match(C_result[i], /fd=[0-9]+/)) {
		fd = substr(C_result[i], RSTART + 3, RLENGTH - 3)
		if (match(C_args[i], "fd=" fd "<[^>]*>"))
			object = target_of(substr(C_args[i], RSTART, RLENGTH))
	}
	if (!is_pipe(object) || C_result[i] !~ /POLLIN|POLLHUP/) {
		await(i, "poll")
		return
	}
	C_object[i] = object
	C_way[i] = "poll"
	if (works(i))
		finish(i)
	else {
		queue[object, ++queued[object]] = i
		start_to_wait(i, object)
	}
}

# -- Descriptors --

function hold(pid, fd, object, way, flags) {
	pid = process(pid)
	drop(pid, fd)
	held_object[pid, fd] = object
	held_way[pid, fd] = way
	closes_on_exec[pid, fd] = flags ~ /O_CLOEXEC/
	if (fd > highest[pid])
		highest[pid] = fd
	ends[object, "r"] += way ~ /r/
	ends[object, "w"] += way ~ /w/
	if (flags ~ /O_NONBLOCK/)
		nonblocking[object, way] = 1
}

function drop(pid, fd,    object, way) {
	if ((object = held_object[pid, fd]) == "")
		return
	way = held_way[pid, fd]
	ends[object, "r"] -= way ~ /r/
	ends[object, "w"] -= way ~ /w/
	held_object[pid, fd] = ""
}

# Drop them all, or those that do not survive exec(): returns a pipe whose other end is still open, if any.
function drop_all(pid, only_on_exec,    fd, object, dropped, half_open) {
	for (fd = 0; fd <= highest[pid]; fd++)
		if ((object = held_object[pid, fd]) != "" && (!only_on_exec || closes_on_exec[pid, fd])) {
			drop(pid, fd)
			if (is_pipe(object))
				dropped[object]
		}
	for (object in dropped)
		if ((ends[object, "r"] || ends[object, "w"]) && (half_open == "" || !ends[object, "w"]))
			half_open = object
	return half_open
}

# How many descriptors of each end are open, in all processes?
function ends_of(object,    r, w) {
	r = ends[object, "r"]
	w = ends[object, "w"]
	if (r && w)
		return r " read + " w " write ends"
	return r ? "no write end" : w ? "no read end" : "closed"
}

function close_descriptor(i,    pid, fd, object, way, end) {
	pid = process(C_pid[i])
	fd = C_args[i] + 0
	object = held_object[pid, fd]
	if (object == "" || error_of(C_result[i]))
		return
	way = held_way[pid, fd]
	drop(pid, fd)
	if (is_pipe(object)) {
		end = way == "r" ? ": read end" : way == "w" ? ": write end" : ""
		noted_row(C_pid[i], "call", "close " fd end, object, ends_of(object))
		settle(object)
	} else
		row(C_pid[i], "call", "close " kind_of[object])
}

function change_descriptor(i, object,    pid, fd, new, n) {
	pid = process(C_pid[i])
	fd = C_args[i] + 0
	n = number(C_result[i])
	if (held_object[pid, fd] == "")
		return
	if (C_name[i] == "dup" || C_args[i] ~ /F_DUPFD/) {
		if (n < 0)
			return
		if (n != fd)
			hold(pid, n, object, held_way[pid, fd], C_args[i])
		if (is_pipe(object))
			noted_row(C_pid[i], "call", "dup " fd " = " n, object, ends_of(object))
	} else if (C_args[i] ~ /F_SETFD/)
		closes_on_exec[pid, fd] = C_args[i] ~ /FD_CLOEXEC/
	else if (C_args[i] ~ /F_SETFL/) {
		if (nonblocking[object, held_way[pid, fd]] != (C_args[i] ~ /O_NONBLOCK/))
			row(C_pid[i], "call", "O_NONBLOCK " (C_args[i] ~ /O_NONBLOCK/ ? "on" : "off"))
		nonblocking[object, held_way[pid, fd]] = C_args[i] ~ /O_NONBLOCK/
	} else if (C_args[i] ~ /PIPE_SZ/) {
		if (n > 0)
			capacity[object] = n
		row(C_pid[i], "call", field(C_args[i], 2) " = " (n > 0 ? n : error_of(C_result[i])))
	} else if (match(C_args[i], /F_SETLKW?, \{l_type=[A-Z_]+/))
		await(i, lock_of(C_args[i]))
}

# "F_SETLKW F_RDLCK" of 3</tmp/file>, F_SETLKW, {l_type=F_RDLCK, ...}
function lock_of(args,    type) {
	type = args
	sub(/.*l_type=/, "", type)
	sub(/,.*/, "", type)
	return field(args, 2) " " type
}

function change_name(i,    name, path, object, text) {
	name = C_name[i]
	path = path_of(C_args[i])
	text = name
	object = path
	if (name == "mknod") {
		if (C_args[i] !~ /S_IFIFO/)
			return
		text = "mkfifo"
	} else if (name == "link") {
		sub(/^[^"]*"[^"]*"/, "", C_args[i])
		sub(/^, /, "", C_args[i])
		path = path_of(C_args[i])
		if (path !~ /^\/dev\/shm\/sem\./)
			return
		kind_of[path] = kind_of[object]
		value[object] += 0
		linked[object] = 1
		noted_row(C_pid[i], "call", "sem_open: a new one", object, "value " value[object])
		return
	} else if (name == "ftruncate") {
		object = target_of(C_args[i])
		text = "ftruncate " last_number(C_args[i])
	} else if (path ~ /^\/dev\/shm\/(sem\.)?/) {
		if (kind_of[path] == "" || linked[path])
			return
		text = path ~ /\/sem\./ ? "sem_unlink" : "shm_unlink"
	} else if (kind_of[path] != "")
		text = name " " kind_of[path]
	
	row(C_pid[i], "call", with_error(i, text), name == "ftruncate" && kind_of[object] != "" ? object : "")
}

# -- Processes and signals --

function fork_process(i,    pid, child, fd, note, object, r) {
	pid = process(C_pid[i])
	child = number(C_result[i])
	if (child <= 0) {
		row(C_pid[i], "call", "fork = " error_of(C_result[i]))
		return
	}
	if (!is_thread[child]) {
		loaded[child] = loaded[pid]
		ignored[child, "SIGPIPE"] = ignored[pid, "SIGPIPE"]
		for (fd = 0; fd <= highest[pid]; fd++)
			if ((object = held_object[pid, fd]) != "") {
				hold(child, fd, object, held_way[pid, fd], "")
				closes_on_exec[child, fd] = closes_on_exec[pid, fd]
				if (is_pipe(object))
					note = object
			}
		if (note != "")
			note = ends_of(note)
		for (fd = 1; fd <= maps[pid]; fd++)
			add_map(child, M_from[pid, fd], M_size[pid, fd], M_object[pid, fd])
		for (fd = 1; fd <= maps[pid] && note == ""; fd++)
			if (M_object[pid, fd] != "")
				note = mapped_note(M_object[pid, fd])
	}
	r = row(C_pid[i], "call", is_thread[child] ? "new thread" : "fork")
	R_note[r] = note
	R_to[r] = lane_of(child)
	R_born[r] = R_to[r]
	R_answer[r] = "starts"
}

function exec_program(i,    pid, text, r) {
	if (error_of(C_result[i]))
		return
	pid = C_pid[i]
	loaded[pid] = maps[pid] = 0
	if (program_of[pid] == "")
		program_of[pid] = base_name(quoted(C_args[i]))
	text = arguments_of(C_args[i])
	if (pid in parent_of) {
		r = row(pid, "call", "exec " text)
		if ((R_object[r] = drop_all(process(pid), 1)) != "")
			R_note[r] = ends_of(R_object[r])
		return
	}
	if (!index(whole_title, base_name(quoted(C_args[i]))))
		whole_title = whole_title (whole_title == "" ? "" : " and ") (programs > 1 ? base_name(quoted(C_args[i])) : text)
	if (programs > 1) {
		r = row(pid, "start", text)
		R_born[r] = lane_of(pid)
	}
}

# "client one two" of execve's "/path/client", ["/path/client", "one", "two"], ...
function arguments_of(args,    text, first) {
	first = base_name(quoted(args))
	if (!match(args, /, \[.*\]/))
		return first
	text = substr(args, RSTART + 3, RLENGTH - 4)
	if (!sub(/^"([^"\\]|\\.)*", "/, "", text))
		return first
	sub(/"$/, "", text)
	gsub(/", "/, " ", text)
	return first " " readable(text)
}

function exit_process(i,    pid) {
	pid = C_pid[i]
	if (is_thread[pid] && C_result[i] !~ /exit_group/ && !gone[process(pid)])
		over(pid, "end", "thread ends")
	else
		over(pid, "end", STOP " exit " (C_args[i] + 0))
}

# "+++ exited with 0 +++" or "+++ killed by SIGPIPE (core dumped) +++"
function process_ends(pid, text) {
	if (gone[pid] || !(pid in lane))
		return
	sub(/^\+\+\+ /, "", text)
	sub(/ \+\+\+$/, "", text)
	if (text ~ /^killed/)
		over(pid, "killed", CROSS " " text)
	else
		over(pid, "end", is_thread[pid] ? "thread ends" : STOP " exit " last_number(text))
}

function over(pid, kind, text,    r, k, i, object) {
	gone[pid] = 1
	if (pid in waits_in) {
		C_state[waits_in[pid]] = "over"
		delete waits_in[pid]
	}
	r = row(pid, kind, text)
	R_dead[r] = lane[pid]
	lane_in_use[lane[pid]] = 0
	if (!is_thread[pid]) {
		object = drop_all(pid, 0)
		if (object != "")
			R_note[r] = ends_of(object)
		else if ((object = unmap_all(pid)) != "")
			R_note[r] = mapped_note(object)
		R_object[r] = object
		for (k = 1; k <= objects; k++)
			settle(object_number[k])
	}
	if (pid in waiter_for && C_state[i = waiter_for[pid]] == "waits")
		finish(i)
}

function wait_for_child(i,    child) {
	child = number(C_result[i])
	C_text[i] = "wait"
	if (child > 0 && !gone[child])
		waiter_for[child] = i
	if (child > 0 && !gone[child] || cut_short(i))
		start_to_wait(i)
	else
		finish(i)
}

function send_signal(i,    target, words, n, r) {
	n = split(C_args[i], words, ", ")
	target = words[n - 1] + 0
	if (target == C_pid[i])
		row(C_pid[i], "call", "raise " words[n])
	else {
		r = row(C_pid[i], "call", with_error(i, "kill " words[n] (target in lane ? "" : " " target)))
		if (target in lane && words[n] != "0") {
			R_to[r] = lane[target]
			last_row[R_lane[r]] = 0
		}
	}
}

# "--- SIGTERM {si_signo=SIGTERM, si_code=SI_USER, si_pid=12, ...} ---"
function signal_arrives(pid, text,    name, sender) {
	name = substr(text, 5)
	sub(/ .*/, "", name)
	if (name == "SIGCHLD" || !(pid in lane) || gone[pid])
		return
	if (name == "SIGPIPE" && dies_of(pid, name))
		return
	sender = match(text, /si_pid=[0-9]+/) ? substr(text, RSTART + 7, RLENGTH - 7) : pid
	if (pid in waits_in) {
		C_state[waits_in[pid]] = "over"
		delete waits_in[pid]
	}
	if (ignored[process(pid), name])
		name = name ", ignored"
	else if (sender != pid)
		name = name " from " (sender in lane ? lane_name_of(sender) : "outside")
	row(pid, "signal", name)
}

# Is the next thing that happens to PID its death by the signal NAME?
function dies_of(pid, name,    k) {
	for (k = turn + 1; k <= events && E_pid[ordered[k]] != pid; k++)
		;
	return k <= events && E_what[ordered[k]] == "end" && E_detail[ordered[k]] ~ ("killed by " name)
}

function set_action(i,    name) {
	name = field(C_args[i], 1)
	if (!(name in arrives) || name == "SIGCHLD" || error_of(C_result[i]) ||
	    C_args[i] ~ /^[A-Z0-9]+, NULL/)
		return
	ignored[process(C_pid[i]), name] = C_args[i] ~ /^[A-Z0-9]+, \{sa_handler=SIG_IGN/
	if (ignored[process(C_pid[i]), name])
		row(C_pid[i], "call", name ": ignore")
	else if (C_args[i] !~ /^[A-Z0-9]+, \{sa_handler=SIG_DFL/)
		row(C_pid[i], "call", name ": own handler")
	else if (name == "SIGPIPE")
		row(C_pid[i], "call", name ": default")
}

# What is printed, without the role that the lane has anyway; names instead of pids.
function print_line(i,    text, pid, prefix) {
	text = readable(quoted(C_args[i]))
	prefix = name_of(C_pid[i]) ": "
	if (index(text, prefix) == 1)
		text = substr(text, length(prefix) + 1)
	for (pid in lane)
		gsub("pid " pid, lane_name[lane[pid]], text)
	row(C_pid[i], "print", OPEN text CLOSE)
}

# Looks at what others do (in /proc, or how full the pipe is) are counted and told in one row.
function is_look(i,    lane, args) {
	args = C_args[i]
	if (args ~ /^[0-9]+<\/proc\//)
		return 1
	if (C_name[i] == "open" && args ~ /"\/proc\//) {
		if (args !~ ("/proc/(self|" C_pid[i] ")[/\"]"))
			proc_looks[lane_of(C_pid[i])]++
	} else if (C_name[i] == "ioctl") {
		if (match(args, /FIONREAD, \[[0-9]+/))
			bytes_seen[lane_of(C_pid[i])] = substr(args, RSTART + 11, RLENGTH - 11)
	} else if (!(C_name[i] == "wait" && args ~ /WNOHANG/ && C_result[i] == "0"))
		return 0
	if ((lane = lane_of(C_pid[i])) && (proc_looks[lane] || bytes_seen[lane] != "")) {
		looks[lane] = 1
		look_time[lane] = now
	}
	return 1
}

function tell_looks(lane, pid,    text) {
	if (!looks[lane])
		return
	if (proc_looks[lane])
		text = "looks at /proc" (proc_looks[lane] > 1 ? " x " proc_looks[lane] : "")
	if (bytes_seen[lane] != "")
		text = text (text == "" ? "" : ", ") "FIONREAD = " bytes_seen[lane]
	R_time[++rows] = now
	R_lane[rows] = lane
	R_kind[rows] = "look"
	R_text[rows] = text
	R_count[rows] = 1
}

# -- Memory --

function add_map(pid, from, size, object) {
	M_from[pid, ++maps[pid]] = from
	M_size[pid, maps[pid]] = size
	M_object[pid, maps[pid]] = object
	mapped[object]++
}

function mapped_note(object) {
	return (attached_by_id[object] ? "attached " : "mapped by ") mapped[object]
}

function map_at(pid, address,    k) {
	for (k = maps[pid]; k > 0; k--)
		if (M_object[pid, k] != "" && M_from[pid, k] <= address && address < M_from[pid, k] + M_size[pid, k])
			return k
	return 0
}

# Returns one of the objects that were mapped and still are, elsewhere.
function unmap_all(pid,    k, object, left) {
	for (k = 1; k <= maps[pid]; k++)
		if ((object = M_object[pid, k]) != "") {
			M_object[pid, k] = ""
			if (--mapped[object] > 0 && kind_of[object] != "semaphore")
				left = object
		}
	return left
}

function file_transfer(i, object,    n) {
	if (kind_of[object] == "semaphore") {
		if (match(C_args[i], /"\\[0-7]+/))
			value[object] = substr(C_args[i], RSTART + 2, RLENGTH - 2) + 0
		return
	}
	if (object ~ /inotify/) {
		await(i, "read inotify")
		return
	}
	if (kind_of[object] == "")
		return
	row(C_pid[i], "call", with_error(i, C_name[i] " " after_data(C_args[i]) data_of(i, number(C_result[i]))), object,
	    C_name[i] ~ /read/ ? "out" : "in")
}

function use_mapping(i,    pid, size, shared, object, k, text) {
	pid = process(C_pid[i])
	size = field(C_args[i], 2) + 0
	if (C_name[i] != "mmap") {
		if (!(k = map_at(pid, hex(field(C_args[i], 1))))) {
			loaded[pid] = 1 # the dynamic loader is done, and unmaps its cache
			return
		}
		object = M_object[pid, k]
		if (C_name[i] == "munmap") {
			mapped[object]--
			M_object[pid, k] = ""
		}
		if (kind_of[object] != "semaphore")
			noted_row(C_pid[i], "call", C_name[i] " " size, object, mapped_note(object))
		return
	}
	shared = C_args[i] ~ /MAP_SHARED/
	object = target_of(C_args[i])
	if (!shared && C_args[i] ~ /PROT_EXEC|PROT_NONE|MAP_STACK|MAP_FIXED|MAP_DENYWRITE/)
		return
	if (!shared && object == "" && (!loaded[pid] || size >= 131072)) # the loader's, or malloc()'s
		return
	if (object == "") {
		object = "memory at " C_result[i]
		kind_of[object] = "memory"
	}
	if (kind_of[object] == "")
		return
	text = "mmap " (target_of(C_args[i]) == "" ? "" : kind_of[object] " ") size
	text = with_error(i, text (shared ? " shared" : " private"))
	if (!error_of(C_result[i]))
		add_map(pid, hex(C_result[i]), size, object)
	if (kind_of[object] != "semaphore")
		noted_row(C_pid[i], "call", text, object, mapped_note(object))
}

function use_shared_memory(i,    name, pid, id, object, k, text, note) {
	name = C_name[i]
	pid = process(C_pid[i])
	id = name == "shmget" ? number(C_result[i]) : C_args[i] + 0
	object = "shm " id
	kind_of[object] = "memory"
	attached_by_id[object] = 1
	text = name
	if (name == "shmget")
		text = name (field(C_args[i], 2) > 0 ? " " field(C_args[i], 2) : "") \
		       (C_args[i] ~ /IPC_CREAT/ ? " create" : "")
	else if (name == "shmctl")
		text = name " " field(C_args[i], 2)
	else if (name == "shmat" && !error_of(C_result[i]))
		add_map(pid, hex(C_result[i]), 1, object)
	else if (name == "shmdt") {
		if (!(k = map_at(pid, hex(C_args[i]))))
			return
		object = M_object[pid, k]
		mapped[object]--
		M_object[pid, k] = ""
	}
	if (error_of(C_result[i])) {
		row(C_pid[i], "call", text " = " error_of(C_result[i]))
		return
	}
	if (match(C_args[i], /shm_nattch=[0-9]+/)) {
		mapped[object] = substr(C_args[i], RSTART + 11, RLENGTH - 11) + 0
		text = text " = " mapped[object] " attached"
	}
	if (C_args[i] ~ /IPC_RMID/)
		removed[object] = 1
	if (removed[object])
		note = mapped[object] > 0 ? "attached " mapped[object] ", to go" : "gone"
	else
		note = "attached " (mapped[object] + 0)
	noted_row(C_pid[i], "call", text, object, note)
}

# A futex lies in mapped memory: if that is a semaphore, the kernel is told its value.
function use_futex(i,    pid, k, object, wakes, said) {
	pid = process(C_pid[i])
	k = map_at(pid, hex(field(C_args[i], 1)))
	object = k ? M_object[pid, k] : ""
	said = field(C_args[i], 3) + 0
	if (C_args[i] ~ /FUTEX_WAIT/) {
		if (said in parent_of) {
			await(i, "join " lane_name_of(said))
			return
		}
		C_futex[i] = object "|" field(C_args[i], 1)
		await(i, "futex wait", object)
		if (kind_of[object] == "semaphore" && C_state[i] == "waits")
			R_note[rows] = "value " said
	} else if (C_args[i] ~ /FUTEX_WAKE/ && number(C_result[i]) > 0)
		noted_row(C_pid[i], "call", "futex wake = " number(C_result[i]), object,
			  kind_of[object] == "semaphore" ? "value 1" : "")
}

function use_semaphores(i,    object, change) {
	object = "sem " (C_name[i] == "semget" ? number(C_result[i]) : C_args[i] + 0)
	kind_of[object] = "semaphore"
	if (C_name[i] == "semop") {
		if (match(C_args[i], /sem_op=-?[0-9]+/))
			change = substr(C_args[i], RSTART + 7, RLENGTH - 7) + 0
		if (number(C_result[i]) == 0)
			value[object] += change
		await(i, "semop " (change > 0 ? "+" : "") change, object)
	} else
		row(C_pid[i], "call", with_error(i, C_name[i] (C_name[i] == "semctl" ? " " field(C_args[i], 3) : "")))
}

# ---- 3. The picture: a grid of characters, printed as it is or drawn as an SVG ----

# A long to and fro on one object is shown by its beginning and its end; -N among the rows stands for N rows.
function fold_stretches(    r, last, k) {
	for (r = 1; r <= rows; r = last + 1) {
		last = end_of_stretch(r)
		for (k = r; k <= last; k++)
			if (last - r >= 10 && k == r + 6) {
				shown[++shown_rows] = -(last - 2 - k + 1)
				folded_from[shown_rows] = k
				k = last - 2
			} else
				shown[++shown_rows] = k
	}
}

function end_of_stretch(first,    r) {
	for (r = first; r <= rows && R_object[r] != "" && R_object[r] == R_object[first] && is_use(r); r++)
		;
	return r > first ? r - 1 : first
}

# Does the row R use the object, rather than make or leave it?
function is_use(r) {
	return R_kind[r] ~ /^(call|from|until)$/ && R_text[r] !~ /^(pipe|close|dup|mmap|shm)/ && !R_to[r]
}

function put(x, y, text, style,    k) {
	for (k = 1; k <= length(text); k++) {
		grid[y, x + k - 1] = substr(text, k, 1)
		style_at[y, x + k - 1] = style
	}
	if (y > height)
		height = y
}

function put_right(x_end, y, text, style) {
	put(x_end - length(text) + 1, y, text, style)
}

# Break TEXT into lines[1..] of WIDTH, at most MOST of them; returns how many.
function wrap(text, width, most,    n, cut) {
	for (n = 1; length(text) > width && n < most; n++) {
		for (cut = width + 1; cut > width / 2 && substr(text, cut, 1) != " "; cut--)
			;
		if (substr(text, cut, 1) != " ")
			cut = width + 1
		lines[n] = substr(text, 1, cut - 1)
		text = substr(text, cut)
		sub(/^ /, "", text)
	}
	lines[n] = shorten(text, width)
	return n
}

# Where things stand: the time, the first lane, the middle, the other lanes
function lay_out(    rest, l) {
	middle_width = (columns >= 100 ? 24 : lanes > 2 ? 15 : 17) + (objects > 1 ? 3 : 0)
	rest = columns - 7 - middle_width - 4
	lane_width = int((rest - (lanes > 2 ? lanes - 2 : 0)) / (lanes > 1 ? lanes : 2))
	if (lanes == 1)
		lane_width = rest > 60 ? 60 : rest
	lane_x[1] = 8
	middle_x = lane_x[1] + lane_width + 2
	lane_x[2] = middle_x + middle_width + 2
	for (l = 3; l <= lanes; l++)
		lane_x[l] = lane_x[l - 1] + lane_width + 1
}

function draw(    y, k, n, l, object, in_memory, with_futex) {
	if (programs > 1)
		about = "" # it speaks of the first one only
	lay_out()
	n = wrap(whole_title (about != "" ? ": " about : ""), columns, 3)
	for (k = 1; k <= n; k++)
		put(1, ++y, lines[k], "title")
	y += 2
	put_right(6, y, "ms", "time")
	for (l = 1; l <= lanes; l++)
		put(lane_x[l] + 2, y, lane_title[l], lane_style(l))
	put(middle_x, y, objects > 1 ? "between them" : objects ? label(object_number[1]) : "", "middle")
	for (k = 1; k <= shown_rows; k++)
		y = shown[k] < 0 ? draw_folded(y + 1, folded_from[k], -shown[k]) : draw_row(y + 1, shown[k])
	y++
	draw_remark(y + 1, "Times in ms, under strace, which makes each call slower.")
	for (k = 1; k <= objects; k++) {
		object = object_number[k]
		in_memory = in_memory || object in mapped && kind_of[object] != "semaphore"
		with_futex = with_futex || kind_of[object] == "semaphore" && object !~ /^sem /
	}
	if (in_memory)
		draw_remark(height + 1, "Loads and stores are no system calls: " \
			    "strace does not see what is done in the memory itself.")
	if (with_futex)
		draw_remark(height + 1, "sem_wait() and sem_post() call the kernel (futex) " \
			    "only where one of them has to wait.")
}

function draw_remark(y, text,    n, k) {
	n = wrap(text, columns - 7, 3)
	for (k = 1; k <= n; k++)
		put(8, y + k - 1, lines[k], "time")
}

function lane_style(l) {
	return lane_name[l] ~ /^(parent|reader|server|monitor)/ ? "getter" : "giver"
}

# "... and so on: 15 x write, 16 x read", for N rows from R on
function draw_folded(y, r, n,    last, verb, times, text, k) {
	for (last = r + n - 1; r <= last; r++) {
		blocked[R_lane[r]] = R_kind[r] == "from"
		verb = R_text[r]
		sub(/ [0-9=].*/, "", verb)
		if (R_kind[r] != "until") {
			if (!(verb in times))
				order[++k] = verb
			times[verb] += R_count[r]
		}
	}
	for (r = 1; r <= k; r++)
		text = text (r > 1 ? ", " : "") times[order[r]] " x " order[r]
	draw_gutters(y, 0)
	put(lane_x[1] + 2, y, DOTS " and so on: " text, "time")
	return y
}

# The line beside each lane: alive, blocked, or nothing. Row R begins or ends a bar there.
function draw_gutters(y, r,    l) {
	for (l = 1; l <= lanes; l++)
		if (r && R_kind[r] == "from" && l == R_lane[r])
			put(lane_x[l], y, FROM, "bar")
		else if (blocked[l] && r && l == R_lane[r] && R_kind[r] != "still")
			put(lane_x[l], y, UNTIL, "bar")
		else if (blocked[l])
			put(lane_x[l], y, BLOCKED, "bar")
		else if (alive[l])
			put(lane_x[l], y, ALIVE, "time")
}

# Draws row R from line Y on; returns its last line.
function draw_row(y, r,    l, n, k, text, style) {
	l = R_lane[r]
	if (R_born[r] || !rows_of[l]++)
		alive[R_born[r] ? R_born[r] : l] = 1
	text = R_text[r] (R_count[r] > 1 ? " x " R_count[r] : "")
	style = R_kind[r]
	if (style == "call" && text ~ /= E[A-Z]+$/)
		style = "failed"
	n = wrap(text, lane_width - 3, R_kind[r] == "print" ? 4 : 3)
	put_right(6, y, sprintf("%.1f", R_time[r] * 1000), "time")
	draw_gutters(y, r)
	for (k = 1; k <= n; k++) {
		if (k == 2) {
			blocked[l] = R_kind[r] ~ /from|still/
			if (R_dead[r])
				alive[l] = 0
		}
		if (k > 1)
			draw_gutters(y + k - 1, 0)
		put(lane_x[l] + 2, y + k - 1, lines[k], style)
	}
	blocked[l] = R_kind[r] ~ /from|still/
	if (R_dead[r])
		alive[l] = 0
	if (R_to[r])
		draw_arrow_across(y, r, lane_x[l] + 2 + length(lines[1]) + 1)
	else
		draw_middle(y, r)
	return y + n - 1
}

# From the lane of row R to the lane of another process: a new one, or one that gets a signal
function draw_arrow_across(y, r, x,    to, end, from_left, k, note) {
	to = R_to[r]
	from_left = to > R_lane[r]
	end = lane_x[to] + (from_left ? -1 : lane_width)
	if (R_answer[r] != "") {
		put(lane_x[to] + 2, y, R_answer[r], "start")
		if (!from_left)
			end = lane_x[to] + 2 + length(R_answer[r]) + 1
	}
	if (!from_left)
		x = lane_x[R_lane[r]] - 1
	for (k = x; from_left ? k < end : k > end; k += from_left ? 1 : -1)
		put(k, y, LINE, "arrow")
	put(end, y, from_left ? RIGHT : LEFT, "arrow")
	note = fitting(R_note[r], middle_width - 2)
	if (note != "" && (x < middle_x || !from_left))
		put(middle_x + int((middle_width - length(note) - 2) / 2), y, " " note " ", "middle")
}

# What is in the pipe now, and which way it went; or what else there is to say of the object
function draw_middle(y, r,    object, name, text, full, numbers, room, size, n, x) {
	object = R_object[r]
	if (object == "" && R_note[r] == "")
		return
	draw_arrow_beside(y, r)
	if (object != "" && objects > 1)
		name = label(object)
	if (!is_pipe(object) && R_note[r] == "" && R_direction[r] == "")
		return
	if (R_note[r] != "" || !is_pipe(object)) {
		if (name != "" && R_note[r] != "")
			name = name ":"
		put(middle_x, y, fitting(joined(name, R_note[r]), middle_width), "middle")
		return
	}
	if (name != "")
		name = name " "
	full = R_text[r] ~ /^write/ && (R_kind[r] == "from" || R_text[r] ~ /= EAGAIN/)
	numbers = middle_width - length(name) >= 16 ? 11 : 6
	room = middle_width - length(name) - numbers
	size = int(R_fill[r] * room * 8 / R_capacity[r])
	if (size == 0 && R_fill[r] > 0)
		size = 1
	put(middle_x, y, name, "middle")
	x = middle_x + length(name)
	for (n = 0; n < room; n++)
		if (size > 8 * n)
			put(x + n, y, size >= 8 * n + 8 ? FILLED : EIGHTHS[size - 8 * n], "fill")
		else
			put(x + n, y, EMPTY, "empty")
	text = sprintf("%6d", R_fill[r]) (full && numbers > 6 ? " full" : "")
	put(x + room, y, text, full ? "failed" : "middle")
}

function fitting(text, width) {
	if (length(text) > width) {
		sub(/ read /, "r ", text)
		sub(/ write ends/, "w ends", text)
	}
	return shorten(text, width)
}

function draw_arrow_beside(y, r) {
	if (R_direction[r] == "")
		return
	if (R_lane[r] == 1)
		put(middle_x - 2, y, R_direction[r] == "in" ? LINE RIGHT : LEFT LINE, "arrow")
	else
		put(middle_x + middle_width, y, R_direction[r] == "in" ? LEFT LINE : LINE RIGHT, "arrow")
}

function draw_text(    x, y, style, out, c) {
	draw()
	if (colour)
		split("title 1 time 2 getter 1;36 giver 1;35 print 32 bar 33 from 33 until 33 still 33 " \
		      "failed 31 killed 31 signal 31 arrow 2 fill 34 empty 2 look 2 middle 34 end 1 start 2", word, " ")
	for (x = 1; x in word; x += 2)
		escape[word[x]] = word[x + 1]
	for (y = 1; y <= height; y++) {
		out = style = ""
		blanks = ""
		for (x = 1; x <= columns; x++) {
			if (!((y, x) in grid) || (c = grid[y, x]) == " ") {
				blanks = blanks " "
				continue
			}
			if (style_at[y, x] != style) {
				out = out (escape[style] != "" ? "\033[0m" : "") blanks
				style = style_at[y, x]
				if (escape[style] != "")
					out = out "\033[" escape[style] "m"
			} else
				out = out blanks
			blanks = ""
			out = out (c in printed_as ? printed_as[c] : c)
		}
		print out (escape[style] != "" ? "\033[0m" : "")
	}
}

# ---- The same grid as an SVG: signs become shapes, the rest is text ----

function draw_svg(    y, x, c, run, style, w, h) {
	draw()
	w = 12
	h = 27
	print "<svg xmlns=\"http://www.w3.org/2000/svg\" role=\"img\" shape-rendering=\"crispEdges\""
	print "     viewBox=\"0 0 " (columns + 2) * w " " (height + 1) * h "\" font-size=\"20\""
	print "     font-family=\"'DejaVu Sans Mono', 'Liberation Mono', Menlo, Consolas, monospace\">"
	print "<title>" escaped(whole_title (about != "" ? ": " about : "")) "</title>"
	print "<style>"
	print "\ttext { white-space: pre; }"
	print "\t.title, .getter, .giver { font-weight: bold; }"
	svg_colours("#ffffff", "#1b1f24", "#59636e", "#c3cbd3", "#e08600", "#8f4700",
		    "#0a6640", "#1f5fc4", "#dde3ea", "#b8142a")
	print "\t@media (prefers-color-scheme: dark) {"
	svg_colours("#0d1117", "#e6edf3", "#9aa4af", "#444c56", "#f0a23a", "#f5b65c",
		    "#63d297", "#6aa6ff", "#2b323b", "#ff7b85")
	print "\t}"
	print "</style>"
	print "<rect class=\"paper\" width=\"100%\" height=\"100%\"/>"
	for (y = 1; y <= height; y++)
		for (x = 1; x <= columns; x++) {
			if (!((y, x) in grid) || (c = grid[y, x]) == " ")
				continue
			style = style_at[y, x]
			for (run = c; continues(y, x + 1, c, style); x++)
				run = run grid[y, x + 1]
			svg_run((x - length(run) + 2) * w, y * h - 14, length(run) * w, w, h, c, run, style)
		}
	print "</svg>"
}

function svg_colours(paper, ink, soft, line, bar, waits, prints, fill, empty, bad) {
	print "\t.paper { fill: " paper "; } text { fill: " ink "; } .alive { fill: " line "; }"
	print "\t.time, .look, .arrow, .start, .end { fill: " soft "; }"
	print "\t.print { fill: " prints "; } .middle, .filled { fill: " fill "; } .empty { fill: " empty "; }"
	print "\t.bars { fill: " bar "; } .from, .until, .still { fill: " waits "; }"
	print "\t.failed, .killed, .signal { fill: " bad "; }"
}

# Does the run that began with C and STYLE go on at X? Signs go on with the same sign, text with text.
function continues(y, x, c, style,    next_one) {
	if (!((y, x) in grid) || style_at[y, x] != style)
		return 0
	next_one = grid[y, x]
	if (c in printed_as && !is_letter[c])
		return next_one == c
	return !(next_one in printed_as) || is_letter[next_one]
}

# One run of a sign, or of text, at X, with its line from Y to Y + H
function svg_run(x, y, wide, w, h, c, run, style) {
	if (c == BLOCKED)
		box(x + 2, y, 7, h, "bars")
	else if (c == FROM)
		box(x + 2, y + 4, 7, h - 4, "bars")
	else if (c == UNTIL)
		box(x + 2, y, 7, h / 2 + 3, "bars")
	else if (c == ALIVE)
		box(x + 4, y, 3, h, "alive")
	else if (c == LINE)
		box(x, y + h / 2 - 1, wide, 2, "arrow")
	else if (c == RIGHT)
		printf "<path class=\"arrow\" d=\"M%d %dl%d 7l%d 7z\"/>\n", x, y + h / 2 - 7, w, -w
	else if (c == LEFT)
		printf "<path class=\"arrow\" d=\"M%d %dl%d 7l%d 7z\"/>\n", x + w, y + h / 2 - 7, -w, w
	else if (c == FILLED)
		box(x, y + 5, wide, h - 10, "filled")
	else if (c == EMPTY)
		box(x, y + 5, wide, h - 10, "empty")
	else if (c in eighths_of) {
		box(x, y + 5, w, h - 10, "empty")
		box(x, y + 5, w * eighths_of[c] / 8, h - 10, "filled")
	}
	else
		printf "<text x=\"%d\" y=\"%d\" class=\"%s\">%s</text>\n", x, y + h - 7, style, escaped(run)
}

function box(x, y, wide, high, class) {
	printf "<rect x=\"%d\" y=\"%d\" width=\"%d\" height=\"%d\" class=\"%s\"/>\n", x, y, wide, high, class
}

function escaped(text,    k, c, out) {
	gsub(/&/, "\\&amp;", text)
	gsub(/</, "\\&lt;", text)
	gsub(/>/, "\\&gt;", text)
	for (k = 1; k <= length(text); k++) {
		c = substr(text, k, 1)
		out = out (c in printed_as ? printed_as[c] : c)
	}
	return out
}
