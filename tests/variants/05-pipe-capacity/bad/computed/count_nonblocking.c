#define _GNU_SOURCE
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "err_sys.h"
#include "fill.h"

int main(int argc, char *argv[])
{
	long chunk = argc > 1 ? strtol(argv[1], NULL, 10) : 1;
	char *end = NULL;
	int fds[2];

	if (argc > 1 && (strtol(argv[1], &end, 10) < 1 || *end != '\0'))
		err_quit("usage: count_nonblocking [CHUNK]");
	if (pipe(fds) == -1)
		err_sys("pipe");
	printf("writer: the pipe holds %ld bytes\n", fill(fcntl(fds[0], F_GETPIPE_SZ), chunk));
	printf("writer: F_GETPIPE_SZ is %d bytes\n", fcntl(fds[0], F_GETPIPE_SZ));
	printf("writer: PIPE_BUF is %ld bytes\n", fpathconf(fds[0], _PC_PIPE_BUF));
	printf("writer: F_SETPIPE_SZ to 4096 bytes\n");
	printf("writer: the pipe holds %ld bytes\n", fill(fcntl(fds[0], F_SETPIPE_SZ, 4096), chunk));
	return 0;
}
