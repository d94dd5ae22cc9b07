#include <signal.h>
#include <stdio.h>
#include <sys/wait.h>
#include <unistd.h>

int main(void)
{
	int fds[2], status;
	sigset_t none;

	sigemptyset(&none);
	sigprocmask(SIG_SETMASK, &none, NULL);
	signal(SIGPIPE, SIG_DFL);
	pipe(fds);
	close(fds[0]);
	if (fork() == 0) {
		write(fds[1], "hello", 5);
		_exit(0);
	}
	wait(&status);
	printf("parent: writer was killed by signal %d\n", WTERMSIG(status));
	return 0;
}
