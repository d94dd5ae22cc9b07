/* Unusual and right: SIGPIPE is caught by a handler that returns, and the writer exits with a status of its own. */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <sys/uio.h>
#include <sys/wait.h>
#include <unistd.h>

#include "err_sys.h"

static volatile sig_atomic_t caught;

static void on_sigpipe(int sig)
{
	caught = sig;
}

static int write_to_nobody(int fd)
{
	char text[] = "some text";
	struct iovec iov[1] = { { text, sizeof text } };

	if (writev(fd, iov, 1) != -1 || errno != EPIPE) {
		perror("writev");
		return 3;
	}
	printf("the writer was told EPIPE and signal %d\n", caught);
	return 42;
}

int main(void)
{
	struct sigaction action = { .sa_handler = on_sigpipe, .sa_flags = SA_RESTART };
	int fds[2], high, status;

	setvbuf(stdout, NULL, _IONBF, 0);
	if (pipe2(fds, O_NONBLOCK) == -1)
		err_sys("pipe2");
	if ((high = fcntl(fds[1], F_DUPFD, 200)) == -1 || sigaction(SIGPIPE, &action, NULL) == -1)
		err_sys("fcntl");
	close(fds[0]);
	switch (fork()) {
	case -1:
		err_sys("fork");
	case 0:
		return write_to_nobody(high);
	}
	if (wait4(-1, &status, 0, NULL) == -1)
		err_sys("wait4");
	if (WIFEXITED(status))
		printf("and the child exited, by itself, with %d\n", WEXITSTATUS(status));
	return 0;
}
