/*
 * capacity_fill.c - how many bytes of CHUNK-byte writes a pipe of CAPACITY bytes takes (0: as it comes).
 *
 * usage: capacity_fill CAPACITY CHUNK
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <unistd.h>

int main(int argc, char *argv[])
{
	int capacity = argc == 3 ? atoi(argv[1]) : -1, fds[2], held;
	size_t chunk = argc == 3 ? strtoul(argv[2], NULL, 10) : 0, rest = chunk;
	char *bytes = calloc(chunk + 1, 1);
	ssize_t n;

	if (capacity < 0 || chunk == 0 || bytes == NULL)
		return 2;
	if (pipe2(fds, O_NONBLOCK) == -1 ||
	    (capacity > 0 && fcntl(fds[1], F_SETPIPE_SZ, capacity) != capacity)) {
		perror("capacity_fill");
		free(bytes);
		return 1;
	}
	while ((n = write(fds[1], bytes, rest)) != -1)
		rest = (size_t)n < rest ? rest - (size_t)n : chunk;
	free(bytes);
	if (errno != EAGAIN || ioctl(fds[0], FIONREAD, &held) == -1)
		return 1;
	printf("%d\n", held);
	return 0;
}
