#include <signal.h>
#include <stdio.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "err_sys.h"

int main(void)
{
	int fds[2], status;
	sigset_t sigpipe;

	if (socketpair(AF_UNIX, SOCK_STREAM, 0, fds) == -1)
		err_sys("socketpair");
	close(fds[0]);
	sigemptyset(&sigpipe);
	sigaddset(&sigpipe, SIGPIPE);
	switch (fork()) {
	case -1:
		err_sys("fork");
	case 0:
		signal(SIGPIPE, SIG_DFL);
		sigprocmask(SIG_UNBLOCK, &sigpipe, NULL);
		write(fds[1], "hello", 5);
		_exit(1);
	}
	if (wait(&status) == -1)
		err_sys("wait");
	if (WIFSIGNALED(status))
		printf("parent: writer was killed by signal %d\n", WTERMSIG(status));
	return 0;
}
