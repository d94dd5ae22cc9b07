/* Unusual and right: the same pipe is made larger while it is full, and filled on. */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "err_sys.h"

int main(int argc, char *argv[])
{
	size_t chunk = 1, rest;
	char *end = "", *bytes;
	int fds[2], held, round;
	ssize_t n;

	if (argc > 1)
		chunk = strtoul(argv[1], &end, 10);
	if (*end != '\0' || chunk < 1 || (argc > 1 && *argv[1] == '-'))
		err_quit("usage: count_nonblocking [CHUNK]");
	rest = chunk;
	if ((bytes = calloc(chunk, 1)) == NULL || pipe(fds) == -1 || fcntl(fds[1], F_SETFL, O_NONBLOCK) == -1)
		err_sys("pipe");
	for (round = 1; round <= 2; round++) {
		for (; (n = write(fds[1], bytes, rest)) != -1; rest = (size_t)n < rest ? rest - (size_t)n : chunk)
			;
		if (errno != EAGAIN || ioctl(fds[0], FIONREAD, &held) == -1)
			err_sys("write");
		printf("round %d: it holds %d bytes\n", round, held);
		if (round == 2)
			break;
		printf("F_GETPIPE_SZ %d bytes; PIPE_BUF %ld bytes\n", fcntl(fds[1], F_GETPIPE_SZ), fpathconf(fds[1], _PC_PIPE_BUF));
		printf("F_SETPIPE_SZ of the full pipe: %d\n", fcntl(fds[1], F_SETPIPE_SZ, 131072));
	}
	free(bytes);
	return 0;
}
