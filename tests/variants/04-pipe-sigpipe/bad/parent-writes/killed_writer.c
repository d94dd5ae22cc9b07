#include <stdio.h>
#include <sys/wait.h>
#include <unistd.h>

#include "err_sys.h"

int main(void)
{
	int fds[2], status;
	char buf[10];

	if (pipe(fds) == -1)
		err_sys("pipe");
	switch (fork()) {
	case -1:
		err_sys("fork");
	case 0: /* the reader reads nothing more */
		close(fds[1]);
		read(fds[0], buf, sizeof buf);
		return 0;
	}
	close(fds[0]);
	while (write(fds[1], "hello", 5) == 5)
		;
	if (wait(&status) == -1)
		err_sys("wait");
	if (WIFSIGNALED(status))
		printf("parent: writer was killed by signal %d\n", WTERMSIG(status));
	return 0;
}
