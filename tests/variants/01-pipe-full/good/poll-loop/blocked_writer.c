/* Unusual and right: the writer does not wait in write() but in poll(), with O_NONBLOCK. */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "err_sys.h"

static char bytes[1048576];

static void write_on(int fd, size_t chunk)
{
	struct pollfd room = { .fd = fd, .events = POLLOUT };

	fcntl(fd, F_SETFL, O_NONBLOCK);
	for (;;) {
		if (poll(&room, 1, -1) == -1)
			err_sys("poll");
		if (write(fd, bytes, chunk) == -1 && errno != EAGAIN)
			err_sys("write");
	}
}

int main(int argc, char *argv[])
{
	char path[64], text[512] = "";
	int fds[2], queued, status;
	struct pollfd room;
	ssize_t n;
	FILE *stat;
	pid_t pid;

	if (pipe(fds) == -1)
		err_sys("pipe");
	if ((pid = fork()) == -1)
		err_sys("fork");
	if (pid == 0) {
		close(fds[0]);
		write_on(fds[1], argc > 1 ? strtoul(argv[1], NULL, 10) : 4096);
	}
	snprintf(path, sizeof path, "/proc/%d/stat", (int)pid);
	room = (struct pollfd){ .fd = fds[1], .events = POLLOUT }; /* that of the parent stays open: why not */
	while (strstr(text, ") S ") == NULL || poll(&room, 1, 0) != 0) {
		if (strstr(text, ") Z ") != NULL)
			err_quit("the writer has ended");
		if ((stat = fopen(path, "r")) == NULL)
			err_sys("%s", path);
		n = (ssize_t)fread(text, 1, sizeof text - 1, stat);
		text[n] = '\0';
		fclose(stat);
		sched_yield();
	}
	if (ioctl(fds[0], FIONREAD, &queued) == -1)
		err_sys("ioctl");
	printf("parent: pid %d is blocked in write(), %d bytes in the pipe\n", (int)pid, queued);
	kill(pid, SIGKILL);
	if (waitpid(pid, &status, 0) == -1)
		err_sys("waitpid");
	printf("parent: pid %d was killed by signal %d\n", (int)pid, WTERMSIG(status));
	return 0;
}
