/* A full pipe, but nobody waits: the writer tries again and again. */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "err_sys.h"

static char bytes[1048576];

int main(int argc, char *argv[])
{
	size_t chunk = argc > 1 ? strtoul(argv[1], NULL, 10) : 4096;
	struct pollfd room;
	int fds[2], queued, status;
	pid_t pid;

	if (pipe2(fds, O_NONBLOCK) == -1)
		err_sys("pipe2");
	if ((pid = fork()) == -1)
		err_sys("fork");
	if (pid == 0) {
		close(fds[0]);
		for (;;)
			if (write(fds[1], bytes, chunk) == -1 && errno != EAGAIN)
				err_sys("write");
	}
	for (room = (struct pollfd){ .fd = fds[1], .events = POLLOUT }; poll(&room, 1, 0) != 0;) {
		if (waitpid(pid, NULL, WNOHANG) != 0)
			err_quit("the writer has ended");
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
