/* Unusual and right: one pipe for both counts, read empty in between. */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "err_sys.h"

static void count(const int fds[2], size_t chunk)
{
	char *bytes = calloc(chunk, 1), sink[65536];
	size_t rest = chunk;
	ssize_t n;
	int held;

	if (bytes == NULL)
		err_sys("calloc");
	while ((n = write(fds[1], bytes, rest)) >= 0)
		rest = (size_t)n == rest ? chunk : rest - (size_t)n;
	if (errno != EAGAIN || ioctl(fds[0], FIONREAD, &held) == -1)
		err_sys("write");
	printf("it holds %d bytes\n", held);
	while (read(fds[0], sink, sizeof sink) > 0)
		;
	free(bytes);
}

int main(int argc, char *argv[])
{
	size_t chunk = 1;
	char *end = "";
	int fds[2];

	if (argc > 1)
		chunk = strtoul(argv[1], &end, 10);
	if (*end != '\0' || chunk < 1 || (argc > 1 && *argv[1] == '-'))
		err_quit("usage: count_nonblocking [CHUNK]");
	if (pipe2(fds, O_NONBLOCK) == -1)
		err_sys("pipe2");
	printf("as for PIPE_BUF, it is %ld bytes\n", fpathconf(fds[0], _PC_PIPE_BUF));
	count(fds, chunk);
	printf("its F_GETPIPE_SZ gives %d bytes\n", fcntl(fds[0], F_GETPIPE_SZ));
	if (fcntl(fds[0], F_SETPIPE_SZ, 1 << 30) == -1)
		perror("F_SETPIPE_SZ to 1 GiB");
	printf("F_SETPIPE_SZ\n");
	count(fds, chunk);
	return 0;
}
