/* Unusual and right: splice() from one pipe into another that nobody reads. */
#define _GNU_SOURCE
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <sys/wait.h>
#include <unistd.h>

#include "err_sys.h"

int main(void)
{
	int from[2], to[2], status;
	sigset_t none;
	pid_t writer;

	sigemptyset(&none);
	if (pipe(from) == -1 || pipe(to) == -1)
		err_sys("pipe");
	if (write(from[1], "hello", 5) == -1)
		err_sys("write");
	close(to[0]);
	if ((writer = fork()) == -1)
		err_sys("fork");
	if (writer == 0) {
		signal(SIGPIPE, SIG_DFL);
		sigprocmask(SIG_SETMASK, &none, NULL);
		if (splice(from[0], NULL, to[1], NULL, 5, 0) == -1)
			err_sys("splice");
		_exit(0);
	}
	sleep(1); /* paces, orders nothing */
	if (waitpid(writer, &status, 0) == -1)
		err_sys("waitpid");
	if (WIFSIGNALED(status))
		printf("parent: writer killed: %d\n", WTERMSIG(status));
	return 0;
}
