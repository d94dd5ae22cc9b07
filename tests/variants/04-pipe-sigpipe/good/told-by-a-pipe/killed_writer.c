/*
 * Unusual and right: the read end is closed after fork(), and the writer waits at a second pipe until it is. The one
 * who reports is itself a child; SIGCHLD comes through a handler.
 */
#define _POSIX_C_SOURCE 200809L
#include <signal.h>
#include <stdio.h>
#include <sys/wait.h>
#include <unistd.h>

#include "err_sys.h"

static void on_sigchld(int sig)
{
	(void)sig;
}

static int report(void)
{
	struct sigaction action = { .sa_handler = on_sigchld };
	int fds[2], closed[2], status;
	sigset_t chld, before;
	pid_t writer;
	char c;

	sigemptyset(&chld);
	sigaddset(&chld, SIGCHLD);
	if (sigprocmask(SIG_BLOCK, &chld, &before) == -1 || sigaction(SIGCHLD, &action, NULL) == -1)
		err_sys("sigaction");
	if (pipe(fds) == -1 || pipe(closed) == -1)
		err_sys("pipe");
	if ((writer = fork()) == -1)
		err_sys("fork");
	if (writer == 0) {
		sigset_t none;

		close(fds[0]);
		close(closed[1]);
		if (read(closed[0], &c, 1) == -1)
			err_sys("read");
		sigemptyset(&none);
		sigprocmask(SIG_SETMASK, &none, NULL);
		signal(SIGPIPE, SIG_DFL);
		write(fds[1], "late", 4);
		return 1;
	}
	close(fds[0]);
	close(closed[1]); /* the end of this file says that fds[0] is closed */
	while (waitpid(writer, &status, WNOHANG) == 0)
		sigsuspend(&before);
	if (WIFSIGNALED(status))
		printf("reporter: signal %d has killed pid %d; killed, by signal %d\n", WTERMSIG(status), writer,
		       WTERMSIG(status));
	return 0;
}

int main(void)
{
	int status;

	switch (fork()) {
	case -1:
		err_sys("fork");
	case 0:
		return report();
	}
	if (wait(&status) == -1)
		err_sys("wait");
	return WIFEXITED(status) ? WEXITSTATUS(status) : 1;
}
