/* Unusual and right: SIGPIPE is blocked and fetched by sigtimedwait(); the reader has been waited for before. */
#define _POSIX_C_SOURCE 200809L
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "err_sys.h"

static void write_to_nobody(int fd)
{
	struct timespec now = { 0, 0 };
	sigset_t sigpipe;

	sigemptyset(&sigpipe);
	sigaddset(&sigpipe, SIGPIPE);
	sigprocmask(SIG_BLOCK, &sigpipe, NULL);
	if (write(fd, "x", 1) == -1 && errno == EPIPE)
		printf("writer: EPIPE, and signal %d waits\n", sigtimedwait(&sigpipe, NULL, &now));
	else
		err_sys("write");
}

int main(void)
{
	int fds[2], status;
	char c;

	setbuf(stdout, NULL);
	if (pipe(fds) == -1)
		err_sys("pipe");
	switch (fork()) {
	case -1:
		err_sys("fork");
	case 0: /* the reader: one byte, then it goes */
		_exit(read(fds[0], &c, 1) != 1);
	}
	close(fds[0]);
	if (write(fds[1], "1", 1) == -1 || wait(NULL) == -1)
		err_sys("the reader");
	switch (fork()) {
	case -1:
		err_sys("fork");
	case 0:
		write_to_nobody(fds[1]);
		_exit(7);
	}
	if (wait(&status) == -1)
		err_sys("wait");
	if (WIFEXITED(status))
		printf("parent: the writer has exited, and its status was %d\n", WEXITSTATUS(status));
	else
		printf("parent: the writer died of signal %d\n", WTERMSIG(status));
	return 0;
}
