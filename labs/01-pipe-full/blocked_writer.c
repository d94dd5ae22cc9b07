/*
 * blocked_writer.c - nobody reads, and the pipe is full: write() waits, without an error, without an end.
 *
 * usage: blocked_writer [CHUNK]
 *
 * The child writes three times what the pipe can hold, CHUNK bytes (4096) at a time. The parent keeps the
 * read end open and never reads: it looks into /proc (so this is for Linux) until the child is asleep in
 * write(). Compare with drained_writer.c, where the parent reads.
 */
#define _GNU_SOURCE /* F_GETPIPE_SZ */
#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "err_sys.h"

enum { MAX_CHUNK = 1048576, LINE = 256 };

static void write_all(int fd, long chunk, long total)
{
	static char bytes[MAX_CHUNK];

	for (ssize_t n, left = total; left > 0; left -= n)
		if ((n = write(fd, bytes, (size_t)(left < chunk ? left : chunk))) == -1)
			err_sys("write");
	printf("writer: wrote all %ld bytes\n", total);
}

/* Ask the kernel for /proc/PID/NAME: what it says goes into LINE, nothing if it refuses. */
static char *ask(pid_t pid, const char *name, char line[LINE])
{
	snprintf(line, LINE, "/proc/%ld/%s", (long)pid, name);
	int fd = open(line, O_RDONLY);
	ssize_t n = fd == -1 ? -1 : read(fd, line, LINE - 1);

	line[n == -1 ? 0 : n] = '\0';
	close(fd);
	return line;
}

/* Wait until PID is asleep (state S) in write(fds[1], ...): how many bytes are in the pipe then? */
static int wait_until_blocked(pid_t pid, const int fds[2])
{
	char in_write[40], call[LINE], state[LINE];
	int bytes;

	snprintf(in_write, sizeof in_write, "%d 0x%x ", SYS_write, (unsigned)fds[1]);
	for (;; sched_yield()) {
		ask(pid, "syscall", call); /* if refused, the state must do: the writer sleeps nowhere else */
		if ((!*call || strstr(call, in_write) == call) && strstr(ask(pid, "stat", state), ") S "))
			break;
		if (waitpid(pid, NULL, WNOHANG) == -1)
			err_sys("the writer has ended");
	}
	if (ioctl(fds[0], FIONREAD, &bytes) == -1)
		err_sys("ioctl FIONREAD");
	return bytes;
}

static void kill_writer(pid_t pid)
{
	int status;

	printf("parent: kills pid %ld, which would wait for ever\n", (long)pid);
	if (kill(pid, SIGKILL) == -1)
		err_sys("kill");
	if (waitpid(pid, &status, 0) == -1)
		err_sys("waitpid");
	if (WIFSIGNALED(status))
		printf("parent: pid %ld was killed by signal %d, inside write()\n", (long)pid,
		       WTERMSIG(status));
}

int main(int argc, char *argv[])
{
	char *end = "", self[LINE];
	long chunk = argc > 1 ? strtol(argv[1], &end, 10) : 4096;
	int fds[2], capacity, full;
	pid_t pid;

	setvbuf(stdout, NULL, _IOLBF, 0); /* whole lines, also into a file */
	if (argc > 2 || *end != '\0' || chunk < 1 || chunk > MAX_CHUNK)
		err_quit("usage: blocked_writer [CHUNK]   (1 to %d bytes)", MAX_CHUNK);
	if (strstr(ask(getpid(), "stat", self), ") R ") == NULL) {
		fprintf(stderr, "blocked_writer: no /proc that shows the state of a process\n");
		return 77;
	}
	if (signal(SIGCHLD, SIG_DFL) == SIG_ERR) /* ignored, it would leave no status to wait for */
		err_sys("signal SIGCHLD");
	if (pipe(fds) == -1)
		err_sys("pipe");
	if ((capacity = fcntl(fds[0], F_GETPIPE_SZ)) == -1)
		err_sys("fcntl F_GETPIPE_SZ");
	printf("parent: starts a writer of %ld bytes, %ld at a time\n", 3L * capacity, chunk);
	if ((pid = fork()) == -1)
		err_sys("fork");
	if (pid == 0) {
		close(fds[0]); /* or the writer would count as a reader itself */
		write_all(fds[1], chunk, 3L * capacity);
		return 0;
	}
	close(fds[1]);
	full = wait_until_blocked(pid, fds);
	printf("parent: pid %ld is blocked in write(), %d bytes in the pipe\n", (long)pid, full);
	printf("parent: this pipe can hold %d bytes\n", capacity);
	kill_writer(pid);
	return 0;
}
