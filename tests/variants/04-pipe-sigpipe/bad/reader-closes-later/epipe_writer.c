#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <sys/wait.h>
#include <unistd.h>

#include "err_sys.h"

int main(void)
{
	int fds[2], status, i;
	char buf[10];

	setvbuf(stdout, NULL, _IOLBF, 0);
	if (pipe(fds) == -1)
		err_sys("pipe");
	switch (fork()) {
	case -1:
		err_sys("fork");
	case 0:
		close(fds[1]);
		read(fds[0], buf, sizeof buf);
		return 0;
	}
	close(fds[0]);
	switch (fork()) {
	case -1:
		err_sys("fork");
	case 0:
		signal(SIGPIPE, SIG_IGN);
		if (write(fds[1], "hello", 5) == -1 && errno == EPIPE)
			printf("writer: write: EPIPE\n");
		else
			printf("writer: no EPIPE\n");
		return 0;
	}
	close(fds[1]);
	for (i = 0; i < 2; i++)
		if (wait(&status) == -1)
			err_sys("wait");
	printf("parent: writer exited with status %d\n", WEXITSTATUS(status));
	return 0;
}
