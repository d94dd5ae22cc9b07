#define _GNU_SOURCE
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include "err_sys.h"
#include "fill.h"

int main(int argc, char *argv[])
{
	long chunk = argc > 1 ? strtol(argv[1], NULL, 10) : 1;
	char *end = NULL;
	int fds[2];

	if (argc > 1 && (strtol(argv[1], &end, 10) < 1 || *end != '\0'))
		err_quit("usage: count_blocking [CHUNK]");
	if (pipe(fds) == -1)
		err_sys("pipe");
	switch (fork()) {
	case -1:
		err_sys("fork");
	case 0:
		_exit(0);
	}
	if (wait(NULL) == -1)
		err_sys("wait");
	printf("parent: writer sleeps in write(), the pipe holds %ld bytes\n", fill(fcntl(fds[0], F_GETPIPE_SZ), chunk));
	return 0;
}
