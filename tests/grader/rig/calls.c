/* calls.c - the system calls that a contract may ask about: their names, their arguments, their line in the
 * trace. */
#define _GNU_SOURCE
#include <ctype.h>
#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/select.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <sys/wait.h>

#include "rig.h"

/*
 * The arguments in their order. "fd" is a descriptor (its object is written too), "path" a string in the
 * process's memory, "in" bytes that the process gives and "out" bytes that it gets (their number is the
 * result), "iov-in" and "iov-out" the same as an array of struct iovec, "-" of no interest.
 */
struct call {
	long nr;
	const char *name;
	const char *args[6];
};

#define CALL(name, ...)                                                                                      \
	{                                                                                                    \
		SYS_##name, #name,                                                                           \
		{                                                                                            \
			__VA_ARGS__                                                                          \
		}                                                                                            \
	}

static const struct call calls[] = {
	CALL(read, "fd", "out", "count"),
	CALL(write, "fd", "in", "count"),
	CALL(readv, "fd", "iov-out", "count"),
	CALL(writev, "fd", "iov-in", "count"),
	CALL(pread64, "fd", "out", "count", "offset"),
	CALL(pwrite64, "fd", "in", "count", "offset"),
	CALL(preadv, "fd", "iov-out", "count", "offset"),
	CALL(preadv2, "fd", "iov-out", "count", "offset"),
	CALL(pwritev, "fd", "iov-in", "count", "offset"),
	CALL(pwritev2, "fd", "iov-in", "count", "offset"),
	CALL(splice, "fd", "-", "fd", "-", "count"),
	CALL(tee, "fd", "fd", "count"),
	CALL(vmsplice, "fd", "iov-in", "count"),
	CALL(sendfile, "fd", "fd", "-", "count"),
	CALL(sendto, "fd", "in", "count"),
	CALL(recvfrom, "fd", "out", "count"),
	CALL(sendmsg, "fd"),
	CALL(recvmsg, "fd"),
	CALL(socketpair, "domain", "type"),
	CALL(socket, "domain", "type"),
#ifdef SYS_open
	CALL(open, "path", "flags", "mode"),
	CALL(creat, "path", "mode"),
	CALL(pipe, "-"),
	CALL(mknod, "path", "mode"),
	CALL(stat, "path"),
	CALL(lstat, "path"),
	CALL(unlink, "path"),
	CALL(link, "path", "path"),
	CALL(rename, "path", "path"),
	CALL(dup2, "fd", "to"),
	CALL(poll, "-", "count", "timeout"),
	CALL(select, "count", "-", "-", "-", "timeout"),
	CALL(epoll_wait, "fd", "-", "count", "timeout"),
	CALL(fork, NULL),
	CALL(vfork, NULL),
	CALL(pause, NULL),
	CALL(alarm, "seconds"),
#endif
	CALL(openat, "-", "path", "flags", "mode"),
	CALL(pipe2, "-", "flags"),
	CALL(mknodat, "-", "path", "mode"),
	CALL(newfstatat, "-", "path", "-", "flags"),
	CALL(statx, "-", "path", "flags"),
	CALL(unlinkat, "-", "path", "flags"),
	CALL(linkat, "-", "path", "-", "path"),
	CALL(renameat2, "-", "path", "-", "path"),
	CALL(ftruncate, "fd", "length"),
	CALL(close, "fd"),
	CALL(close_range, "from", "to"),
	CALL(dup, "fd"),
	CALL(dup3, "fd", "to"),
	CALL(fcntl, "fd", "cmd", "arg"),
	CALL(ioctl, "fd", "cmd"),
	CALL(flock, "fd", "cmd"),
	CALL(ppoll, "-", "count", "timeout"),
	CALL(pselect6, "count", "-", "-", "-", "timeout"),
	CALL(epoll_pwait, "fd", "-", "count", "timeout"),
	CALL(clone, "flags"),
	CALL(clone3, NULL),
	CALL(execve, "path"),
	CALL(exit_group, "status"),
	CALL(wait4, "pid", "-", "flags"),
	CALL(waitid, "type", "pid", "-", "flags"),
	CALL(kill, "pid", "sig"),
	CALL(tkill, "pid", "sig"),
	CALL(tgkill, "-", "pid", "sig"),
	CALL(rt_sigqueueinfo, "pid", "sig"),
	CALL(rt_sigaction, "sig", "action"),
	CALL(rt_sigsuspend, NULL),
	CALL(rt_sigtimedwait, "-", "-", "timeout"),
	CALL(signalfd4, "fd"),
	CALL(nanosleep, "-"),
	CALL(clock_nanosleep, "clock", "flags"),
	CALL(setitimer, "type"),
	CALL(timer_settime, "id"),
	CALL(timerfd_settime, "fd"),
	CALL(mmap, "-", "length", "prot", "flags", "fd", "offset"),
	CALL(munmap, "addr", "length"),
	CALL(msync, "addr", "length", "flags"),
	CALL(memfd_create, "path"),
	CALL(shmget, "key", "size", "flags"),
	CALL(shmat, "id", "-", "flags"),
	CALL(shmdt, "addr"),
	CALL(shmctl, "id", "cmd"),
	CALL(semget, "key", "count", "flags"),
	CALL(semop, "id"),
	CALL(semtimedop, "id", "-", "count", "timeout"),
	CALL(semctl, "id", "number", "cmd"),
	CALL(msgget, "key", "flags"),
	CALL(msgsnd, "id", "-", "size"),
	CALL(msgrcv, "id", "-", "size"),
	CALL(msgctl, "id", "cmd"),
	CALL(mq_open, "path", "flags"),
	CALL(mq_unlink, "path"),
	CALL(mq_timedsend, "fd", "in", "count", "-", "timeout"),
	CALL(mq_timedreceive, "fd", "out", "count", "-", "timeout"),
	CALL(futex, "addr", "op", "value", "timeout"),
};

enum { CALL_COUNT = sizeof calls / sizeof *calls };

static const struct call *find_call(long nr)
{
	int i;

	for (i = 0; i < CALL_COUNT; i++)
		if (calls[i].nr == nr)
			return &calls[i];
	return NULL;
}

const char *call_name(long nr)
{
	const struct call *call = find_call(nr);

	return call != NULL ? call->name : NULL;
}

/* Is the call one of NAMES, "read,readv,splice"? */
bool call_is(long nr, const char *names)
{
	const char *name = call_name(nr);
	size_t length;

	if (name == NULL)
		return false;
	length = strlen(name);
	for (;; names++) {
		if (strncmp(names, name, length) == 0 && (names[length] == ',' || names[length] == '\0'))
			return true;
		if ((names = strchr(names, ',')) == NULL)
			return false;
	}
}

/* The first descriptor that is a pipe in an array of struct pollfd. */
static int polled_fd(const struct task *task, uint64_t address, uint64_t count)
{
	struct pollfd polled = { 0 };
	uint64_t i;

	for (i = 0; i < count && i < 16; i++) {
		read_memory(task->tid, address + i * sizeof polled, &polled, sizeof polled);
		if (fd_is_pipe(task->tid, polled.fd))
			return polled.fd;
	}
	return -1;
}

/* The same in the sets of a select(). */
static int selected_fd(const struct task *task)
{
	fd_set set;
	int i, fd;

	for (i = 1; i <= 3; i++) {
		FD_ZERO(&set);
		if (task->args[i] != 0)
			read_memory(task->tid, task->args[i], &set, sizeof set);
		for (fd = 0; fd < (int)task->args[0] && fd < FD_SETSIZE; fd++)
			if (FD_ISSET(fd, &set) && fd_is_pipe(task->tid, fd))
				return fd;
	}
	return -1;
}

/*
 * The descriptor. For a splice() between two pipes the one that keeps it waiting cannot be told: the first
 * one stands for it, as does for a poll(), a select() or an epoll_wait() the first pipe that it waits for.
 */
int call_fd(const struct task *task)
{
	const struct call *call = find_call(task->nr);
	int first = -1, i, fd;

	if (call_is(task->nr, "poll,ppoll"))
		return polled_fd(task, task->args[0], task->args[1]);
	if (call_is(task->nr, "select,pselect6"))
		return selected_fd(task);
	if (call_is(task->nr, "epoll_wait,epoll_pwait") &&
	    (fd = epoll_pipe(task->tid, (int)task->args[0])) != -1)
		return fd;
	for (i = 0; call != NULL && i < 6 && call->args[i] != NULL; i++) {
		if (strcmp(call->args[i], "fd") != 0)
			continue;
		fd = (int)task->args[i];
		if (!call_is(task->nr, "splice,tee,sendfile") || fd_is_pipe(task->tid, fd))
			return fd;
		if (first == -1)
			first = fd;
	}
	return first;
}

/* Bytes as they may be shown: one line, no control characters. */
static void show_bytes(char *to, size_t size, const char *bytes, size_t count)
{
	size_t used = 0, i;

	for (i = 0; i < count && used + 6 < size; i++) {
		if (isprint((unsigned char)bytes[i]) && bytes[i] != '"' && bytes[i] != '\\')
			to[used++] = bytes[i];
		else
			used += (size_t)snprintf(to + used, size - used, "\\x%02x", (unsigned char)bytes[i]);
	}
	to[used] = '\0';
}

static void read_path(const struct task *task, uint64_t address, char *to, size_t size)
{
	char path[256] = "";
	size_t done;

	/* A string may end just before an unmapped page: ask for little at a time. */
	for (done = 0; done + 16 < sizeof path && memchr(path, '\0', done) == NULL; done += 16)
		read_memory(task->tid, address + done, path + done, 16);
	path[sizeof path - 1] = '\0';
	show_bytes(to, size, path, strlen(path));
	for (; (to = strchr(to, ' ')) != NULL;)
		*to = '_'; /* blanks separate the words of the trace */
}

/* What the call works on: its descriptor's object, or its first path. */
void call_object(const struct task *task, char *to, size_t size)
{
	const struct call *call = find_call(task->nr);
	int fd = call_fd(task), i;

	*to = '\0';
	if (fd >= 0 && fd_object(task->tid, fd, to, size))
		return;
	for (i = 0; call != NULL && i < 6 && call->args[i] != NULL; i++)
		if (strcmp(call->args[i], "path") == 0) {
			read_path(task, task->args[i], to, size);
			return;
		}
}

static void read_iovec(const struct task *task, uint64_t address, size_t count, size_t want, char *to,
		       size_t size)
{
	struct iovec iov[8];
	char bytes[256];
	size_t got = 0, i, part;

	count = count > 8 ? 8 : count;
	memset(iov, 0, sizeof iov);
	read_memory(task->tid, address, iov, count * sizeof *iov);
	for (i = 0; i < count && got < want && got < sizeof bytes; i++) {
		part = iov[i].iov_len;
		if (part > want - got)
			part = want - got;
		if (part > sizeof bytes - got)
			part = sizeof bytes - got;
		read_memory(task->tid, (uint64_t)(uintptr_t)iov[i].iov_base, bytes + got, part);
		got += part;
	}
	show_bytes(to, size, bytes, got);
}

unsigned long trace_lines;

void log_line(const struct task *task, const char *format, ...)
{
	va_list args;

	fprintf(trace_log, "%lu %d %s%s ", ++trace_lines, task->inside, task->program->name,
		task->first ? "" : ".child");
	va_start(args, format);
	vfprintf(trace_log, format, args);
	va_end(args);
	fputc('\n', trace_log);
}

/*
 * N PID PROGRAM CALL name=value... began=M ret=R [err=E] [data="..."]: one line, in the order in which the ends of the
 * calls were seen: a read() may stand before the write() that fed it. But what a call brought about is never seen
 * before its beginning, which came after line M.
 */
void log_call(const struct task *task, int64_t result)
{
	const struct call *call = find_call(task->nr);
	char line[4096], object[1024], data[1200] = "";
	size_t used, count;
	int i, value;

	if (call == NULL)
		return;
	used = (size_t)snprintf(line, sizeof line, "%s", call->name);
	for (i = 0; i < 6 && call->args[i] != NULL; i++) {
		const char *name = call->args[i];

		value = (int)task->args[i];
		count = result > 0 ? (size_t)result : 0;
		if (strcmp(name, "-") == 0)
			continue;
		if (strcmp(name, "fd") == 0) {
			used += (size_t)snprintf(line + used, sizeof line - used, " fd=%d", value);
			/* after a close() the object was looked up before it: see trace.c */
			if (task->nr != SYS_close && fd_object(task->tid, value, object, sizeof object))
				used += (size_t)snprintf(line + used, sizeof line - used, " on=%s", object);
		} else if (strcmp(name, "path") == 0) {
			read_path(task, task->args[i], object, sizeof object);
			used += (size_t)snprintf(line + used, sizeof line - used, " path=%s", object);
		} else if (strcmp(name, "in") == 0 || strcmp(name, "out") == 0) {
			char bytes[256];

			count = count > sizeof bytes ? sizeof bytes : count;
			read_memory(task->tid, task->args[i], bytes, count);
			show_bytes(data, sizeof data, bytes, count);
		} else if (strncmp(name, "iov", 3) == 0) {
			read_iovec(task, task->args[i], task->args[i + 1], count, data, sizeof data);
		} else if (strcmp(name, "flags") == 0 || strcmp(name, "addr") == 0 ||
			   strcmp(name, "prot") == 0 || strcmp(name, "op") == 0) {
			used += (size_t)snprintf(line + used, sizeof line - used, " %s=%#llx", name,
						 (unsigned long long)task->args[i]);
		} else if (strcmp(name, "mode") == 0) {
			used += (size_t)snprintf(line + used, sizeof line - used, " mode=%#o", value);
		} else if (strcmp(name, "sig") == 0) {
			used += (size_t)snprintf(line + used, sizeof line - used, " sig=%s",
						 signal_name(value));
		} else {
			used += (size_t)snprintf(
				line + used, sizeof line - used, " %s=%lld", name,
				(long long)(strstr("pid id cmd key number timeout", name) != NULL
						    ? value
						    : (long long)task->args[i]));
		}
	}
	if (task->nr == SYS_rt_sigaction && task->args[1] != 0) {
		unsigned long handler = 0;

		read_memory(task->tid, task->args[1], &handler, sizeof handler);
		snprintf(data, sizeof data, "%s",
			 handler == 0	? "SIG_DFL"
			 : handler == 1 ? "SIG_IGN"
					: "handler");
	}
	used += (size_t)snprintf(line + used, sizeof line - used, " began=%lu", task->began);
	if (result < 0 && result > -4096)
		used += (size_t)snprintf(line + used, sizeof line - used, " ret=-1 err=%s",
					 error_name((int)-result));
	else if (task->nr == SYS_mmap || task->nr == SYS_shmat)
		used += (size_t)snprintf(line + used, sizeof line - used, " ret=%#llx",
					 (unsigned long long)result);
	else
		used += (size_t)snprintf(line + used, sizeof line - used, " ret=%lld", (long long)result);
	if (result >= 0 && *data != '\0')
		snprintf(line + used, sizeof line - used, " data=\"%s\"", data);
	log_line(task, "%s", line);
}

const char *signal_name(int sig)
{
	static char name[32];
	const char *abbreviated = sigabbrev_np(sig);

	if (abbreviated != NULL)
		snprintf(name, sizeof name, "SIG%s", abbreviated);
	else
		snprintf(name, sizeof name, "%d", sig);
	return name;
}

int signal_number(const char *name)
{
	int sig;

	for (sig = 1; sig < NSIG; sig++)
		if (strcmp(signal_name(sig), name) == 0)
			return sig;
	return atoi(name);
}

const char *error_name(int number)
{
	static char text[16];
	const char *name = strerrorname_np(number);

	if (name != NULL)
		return name;
	snprintf(text, sizeof text, "%d", number);
	return text;
}

int error_number(const char *name)
{
	int number;

	for (number = 1; number < 134; number++)
		if (strcmp(error_name(number), name) == 0)
			return number;
	return EIO;
}

const char *status_text(int status, char *to, size_t size)
{
	if (WIFSIGNALED(status))
		snprintf(to, size, "killed by %s", signal_name(WTERMSIG(status)));
	else
		snprintf(to, size, "exit status %d", WEXITSTATUS(status));
	return to;
}
