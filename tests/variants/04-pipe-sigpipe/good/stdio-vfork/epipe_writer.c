/* Unusual and right: the writer writes through stdio, whose buffer tries once more when the stream is closed. */
#define _POSIX_C_SOURCE 200809L
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include "err_sys.h"

int main(void)
{
	int fds[2], status;
	FILE *out;

	signal(SIGPIPE, SIG_IGN);
	if (pipe(fds) == -1)
		err_sys("pipe");
	close(fds[0]);
	printf("nothing is left in the buffer at fork()\n");
	fflush(stdout);
	switch (fork()) {
	case -1:
		err_sys("fork");
	case 0:
		if ((out = fdopen(fds[1], "w")) == NULL)
			err_sys("fdopen");
		fprintf(out, "hello through stdio\n");
		if (fflush(out) == EOF && errno == EPIPE)
			printf("writer: fflush: EPIPE\n");
		else
			perror("fflush");
		fclose(out);
		exit(EXIT_FAILURE);
	}
	close(fds[1]);
	if (waitpid(-1, &status, 0) == -1)
		err_sys("waitpid");
	if (!WIFEXITED(status))
		err_quit("the writer was killed by signal %d", WTERMSIG(status));
	printf("parent: writer exited (%d)\n", WEXITSTATUS(status));
	return 0;
}
