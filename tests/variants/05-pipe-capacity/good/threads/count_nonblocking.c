/* Unusual and right: pipe2(O_NONBLOCK), writev(), a sum of what it returned; the new capacity is larger. */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/uio.h>
#include <unistd.h>

#include "err_sys.h"

static long fill(int fd, char *bytes, size_t chunk)
{
	struct iovec iov = { bytes, chunk };
	long sum = 0;
	ssize_t n;

	while ((n = writev(fd, &iov, 1)) > 0) {
		sum += n;
		iov.iov_len = (size_t)n == iov.iov_len ? chunk : iov.iov_len - (size_t)n;
	}
	if (errno != EAGAIN && errno != EWOULDBLOCK)
		err_sys("writev");
	return sum;
}

int main(int argc, char *argv[])
{
	size_t chunk = 1;
	char *end = "", *bytes;
	int fds[2], big[2];

	if (argc > 1)
		chunk = strtoul(argv[1], &end, 10);
	if (*end != '\0' || chunk < 1 || (argc > 1 && *argv[1] == '-'))
		err_quit("usage: count_nonblocking [CHUNK]");
	if ((bytes = calloc(1, chunk)) == NULL || pipe2(big, O_NONBLOCK | O_CLOEXEC) == -1 || pipe2(fds, O_NONBLOCK) == -1)
		err_sys("pipe2");
	fds[1] = fcntl(fds[1], F_DUPFD_CLOEXEC, 300);
	printf("the first pipe holds %ld bytes\r\n", fill(fds[1], bytes, chunk));
	printf("F_GETPIPE_SZ: %d bytes\r\nPIPE_BUF: %d bytes\r\n", fcntl(fds[1], F_GETPIPE_SZ), PIPE_BUF);
	printf("F_SETPIPE_SZ: made %d of it,\r\n", fcntl(big[1], F_SETPIPE_SZ, 100000));
	printf("the second pipe holds %ld bytes\r\n", fill(big[1], bytes, chunk));
	free(bytes);
	return 0;
}
