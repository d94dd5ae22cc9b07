/* Unusual and right: the messages come by vmsplice(), and an eventfd lets the reader read again. */
#define _GNU_SOURCE
#include <fcntl.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/prctl.h>
#include <sys/uio.h>
#include <sys/wait.h>
#include <unistd.h>

#include "err_sys.h"

static void reader(int fd, int was_read, int go)
{
	uint64_t one = 1;
	char buf[2000];
	ssize_t n;
	int i;

	prctl(PR_SET_PDEATHSIG, SIGKILL);
	for (i = 0; i < 2; i++) {
		if ((n = read(fd, buf, sizeof buf)) == -1)
			err_sys("read");
		printf("reader: asked for %zu bytes, read %zd: \"%.*s\"\n", sizeof buf, n, (int)n, buf);
		if (write(was_read, &one, sizeof one) == -1 || (i == 0 && read(go, &one, sizeof one) == -1))
			err_sys("eventfd");
	}
	exit(0);
}

static void give(int fd, char *message)
{
	struct iovec from = { message, strlen(message) };

	if (vmsplice(fd, &from, 1, 0) == -1)
		err_sys("vmsplice");
}

int main(int argc, char *argv[])
{
	char *message = argc > 1 ? argv[1] : "hello";
	int fds[2], was_read = eventfd(0, 0), go = eventfd(0, 0), status;
	uint64_t one = 1;
	pid_t pid;

	if (pipe(fds) == -1)
		err_sys("pipe");
	if ((pid = fork()) == -1)
		err_sys("fork");
	if (pid == 0)
		reader(fds[0], was_read, go);
	close(fds[0]);
	give(fds[1], message);
	fcntl(was_read, F_SETFL, O_NONBLOCK);
	while (read(was_read, &one, sizeof one) == -1) {
		if (waitpid(pid, NULL, WNOHANG) != 0)
			err_quit("the reader has ended");
		usleep(1000);
	}
	give(fds[1], message);
	give(fds[1], message);
	one = 1;
	if (write(go, &one, sizeof one) == -1)
		err_sys("eventfd");
	if (waitpid(pid, &status, 0) == -1)
		err_sys("waitpid");
	return status != 0;
}
