/* Unusual and right: vfork(), and a wait that is repeated when a signal interrupts it. */
#define _DEFAULT_SOURCE
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <sys/wait.h>
#include <unistd.h>

#include "err_sys.h"

int main(void)
{
	int fds[2], status;
	sigset_t none;
	pid_t writer;

	sigemptyset(&none);
	if (pipe(fds) == -1)
		err_sys("pipe");
	close(fds[0]);
	if ((writer = vfork()) == 0) {
		signal(SIGPIPE, SIG_DFL);
		sigprocmask(SIG_SETMASK, &none, NULL);
		write(fds[1], "", 1);
		_exit(0);
	}
	if (writer == -1)
		err_sys("vfork");
	while (waitpid(writer, &status, 0) == -1)
		if (errno != EINTR)
			err_sys("waitpid");
	fprintf(stdout, "parent: my child %s, %s %d\n", WIFSIGNALED(status) ? "was killed" : "lived",
		WIFSIGNALED(status) ? "SIGPIPE is 13 and this was" : "its status is",
		WIFSIGNALED(status) ? WTERMSIG(status) : WEXITSTATUS(status));
	return 0;
}
