/* Unusual and right: a third process reads a little and leaves; the writer goes on until it is killed. */
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "err_sys.h"

static pid_t start_reader(int fds[2])
{
	char buf[3];
	pid_t pid = fork();

	if (pid == 0) {
		close(fds[1]);
		_exit(read(fds[0], buf, sizeof buf) == -1);
	}
	return pid;
}

static pid_t start_writer(int fds[2])
{
	pid_t pid = fork();

	if (pid == 0) {
		signal(SIGPIPE, SIG_DFL);
		close(fds[0]);
		for (;;)
			if (write(fds[1], "again and again ", 16) == -1)
				_exit(9);
	}
	return pid;
}

int main(void)
{
	pid_t reader, writer, pid;
	int fds[2], status;
	sigset_t none;

	sigemptyset(&none);
	sigprocmask(SIG_SETMASK, &none, NULL);
	if (pipe(fds) == -1)
		err_sys("pipe");
	if ((reader = start_reader(fds)) == -1 || (writer = start_writer(fds)) == -1)
		err_sys("fork");
	close(fds[0]);
	close(fds[1]);
	while ((pid = wait(&status)) != -1)
		if (pid == writer && WIFSIGNALED(status) && WTERMSIG(status) == SIGPIPE)
			printf("parent: the writer has been killed (signal %d), pid %d was the reader\n", WTERMSIG(status), reader);
		else if (pid == writer)
			printf("parent: the writer was not killed by SIGPIPE, its status is %#x\n", status);
	return 0;
}
