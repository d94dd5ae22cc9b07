/* Unusual and right: signals hold the reader back, it is the parent, and one of the messages goes by writev(). */
#define _GNU_SOURCE
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/uio.h>
#include <sys/wait.h>
#include <unistd.h>

#include "err_sys.h"

static sigset_t signals;

/* Until the other process says so, or ends. */
static void wait_for_the_other(void)
{
	int sig;

	if (sigwait(&signals, &sig) != 0 || sig == SIGCHLD)
		err_quit("the other process has ended");
}

static void writer(int fd, const char *message)
{
	size_t length = strlen(message), half = length / 2;
	struct iovec parts[2] = { { (char *)message, half }, { (char *)message + half, length - half } };

	prctl(PR_SET_PDEATHSIG, SIGKILL);
	if (write(fd, message, length) == -1)
		err_sys("write");
	wait_for_the_other();
	if (writev(fd, parts, 2) == -1 || write(fd, message, length) == -1)
		err_sys("write");
	kill(getppid(), SIGUSR1);
	exit(0);
}

static void read_some(int fd)
{
	static char buf[5000];
	ssize_t n = read(fd, buf, sizeof buf);

	if (n == -1)
		err_sys("read");
	printf("reader: asked for %zu bytes, read %zd bytes: \"%.*s\"\n", sizeof buf, n, (int)n, buf);
}

int main(int argc, char *argv[])
{
	int fds[2], status;
	pid_t pid;

	sigemptyset(&signals);
	sigaddset(&signals, SIGUSR1);
	sigaddset(&signals, SIGCHLD);
	sigprocmask(SIG_BLOCK, &signals, NULL);
	if (pipe(fds) == -1)
		err_sys("pipe");
	if ((pid = fork()) == -1)
		err_sys("fork");
	if (pid == 0)
		writer(fds[1], argc > 1 ? argv[1] : "hello");
	close(fds[1]);
	read_some(fds[0]);
	kill(pid, SIGUSR1);
	wait_for_the_other();
	read_some(fds[0]);
	if (wait(&status) == -1)
		err_sys("wait");
	return status != 0;
}
