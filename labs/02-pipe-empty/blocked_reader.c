/*
 * blocked_reader.c - an empty pipe: read() waits until something is written, then returns at once.
 *
 * usage: blocked_reader [MESSAGE]
 *
 * The child reads, the parent keeps the write end open and writes nothing, until it sees in /proc (so this
 * is for Linux) that the child is asleep in read(). Compare with short_reader.c.
 */
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

enum { MAX_MESSAGE = 500, LINE = 256 };

static ssize_t read_some(int fd)
{
	char buf[2 * MAX_MESSAGE];
	ssize_t n = read(fd, buf, sizeof buf);

	if (n == -1)
		err_sys("read");
	if (n > 0)
		printf("reader: asked for %zu bytes, read %zd: \"%.*s\"\n", sizeof buf, n, (int)n, buf);
	return n;
}

static void write_message(int fd, const char *message)
{
	printf("parent: writes \"%s\"\n", message);
	if (write(fd, message, strlen(message)) == -1)
		err_sys("write");
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

/* Wait until PID is asleep (state S) in read(FD, ...): how many bytes are in the pipe of PIPE_FD then? */
static int wait_until_blocked(pid_t pid, int fd, int pipe_fd)
{
	char in_read[40], call[LINE], state[LINE];
	int bytes;

	snprintf(in_read, sizeof in_read, "%d 0x%x ", SYS_read, (unsigned)fd);
	for (;; sched_yield()) {
		if (ioctl(pipe_fd, FIONREAD, &bytes) == -1)
			err_sys("ioctl FIONREAD");
		ask(pid, "syscall", call); /* if refused, an empty pipe must do: it sleeps nowhere else */
		if ((*call ? strstr(call, in_read) == call : bytes == 0) &&
		    strstr(ask(pid, "stat", state), ") S "))
			return bytes;
		if (waitpid(pid, NULL, WNOHANG) == -1)
			err_sys("the reader has ended");
	}
}

int main(int argc, char *argv[])
{
	const char *message = argc > 1 ? argv[1] : "hello";
	char self[LINE];
	int fds[2], bytes, status;
	pid_t pid;

	setvbuf(stdout, NULL, _IOLBF, 0); /* whole lines, also into a file */
	if (argc > 2 || *message == '\0' || strlen(message) > MAX_MESSAGE)
		err_quit("usage: blocked_reader [MESSAGE]   (1 to %d bytes)", MAX_MESSAGE);
	if (strstr(ask(getpid(), "stat", self), ") R ") == NULL) {
		fprintf(stderr, "blocked_reader: no /proc that shows the state of a process\n");
		return 77;
	}
	if (signal(SIGCHLD, SIG_DFL) == SIG_ERR) /* ignored, it would leave no status to wait for */
		err_sys("signal SIGCHLD");
	if (pipe(fds) == -1)
		err_sys("pipe");
	if ((pid = fork()) == -1)
		err_sys("fork");
	if (pid == 0) {
		close(fds[1]); /* or the reader would count as a writer itself */
		while (read_some(fds[0]) > 0)
			;
		return 0;
	}
	close(fds[0]);
	bytes = wait_until_blocked(pid, fds[0], fds[1]);
	printf("parent: pid %ld is blocked in read(), %d bytes in the pipe\n", (long)pid, bytes);
	write_message(fds[1], message);
	close(fds[1]);
	if (waitpid(pid, &status, 0) == -1)
		err_sys("waitpid");
	return status != 0;
}
