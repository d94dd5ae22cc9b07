/*
 * count_nonblocking.c - how much a pipe takes: write to it until write() fails with EAGAIN.
 *
 * usage: count_nonblocking [CHUNK]
 *
 * One process is enough: with O_NONBLOCK it never sleeps. It writes CHUNK bytes (default 1) at a time, first
 * to a pipe as it comes, then to one that F_SETPIPE_SZ has cut to a page. Compare with count_blocking.c.
 */
#define _GNU_SOURCE /* F_GETPIPE_SZ and F_SETPIPE_SZ */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "err_sys.h"

#ifndef F_SETPIPE_SZ /* not Linux: fcntl() fails, and we say so */
#define F_SETPIPE_SZ (-1)
#define F_GETPIPE_SZ (-1)
#endif

static long number(const char *text)
{
	char *end;
	long n;

	errno = 0;
	n = strtol(text, &end, 10);
	return *end == '\0' && errno == 0 ? n : 0;
}

/*
 * A write() of more than PIPE_BUF bytes may be cut short. Its rest goes next, as in a blocking write(): a
 * fresh chunk might still squeeze some bytes into the last page.
 */
static long write_until_full(int fd, const char *bytes, long chunk)
{
	long rest = chunk, taken = 0;
	ssize_t n;

	while ((n = write(fd, bytes, (size_t)rest)) != -1) {
		taken += n;
		rest = n < rest ? rest - n : chunk;
	}
	if (errno != EAGAIN)
		err_sys("write");
	return taken;
}

static void count(int fd, const char *bytes, long chunk)
{
	long taken;
	int held;

	if (fcntl(fd, F_SETFL, fcntl(fd, F_GETFL) | O_NONBLOCK) == -1)
		err_sys("fcntl F_SETFL");
	taken = write_until_full(fd, bytes, chunk);
	if (ioctl(fd, FIONREAD, &held) == -1)
		err_sys("ioctl FIONREAD");
	printf("writer: EAGAIN after %ld bytes, the pipe holds %d bytes = %ld x %ld + %ld\n", taken, held,
	       held / chunk, chunk, held % chunk);
}

static void show_sizes(int fd, long page)
{
	long size = fcntl(fd, F_GETPIPE_SZ);

	if (size == -1)
		printf("writer: F_GETPIPE_SZ: %s\n", strerror(errno));
	else
		printf("writer: F_GETPIPE_SZ is %ld bytes = %ld x %ld\n", size, size / page, page);
	printf("writer: PIPE_BUF is %ld bytes\n", fpathconf(fd, _PC_PIPE_BUF));
}

static void set_size(int fd, long size)
{
	printf("writer: sets F_SETPIPE_SZ of a new pipe to %ld bytes, and writes likewise\n", size);
	if (fcntl(fd, F_SETPIPE_SZ, (int)size) == -1)
		printf("writer: F_SETPIPE_SZ: %s, the pipe stays as it is\n", strerror(errno));
}

int main(int argc, char *argv[])
{
	long chunk = argc > 1 ? number(argv[1]) : 1, page = sysconf(_SC_PAGESIZE);
	int fds[2], small_fds[2];
	char *bytes;

	setvbuf(stdout, NULL, _IOLBF, 0);
	if (argc > 2 || chunk < 1)
		err_quit("usage: count_nonblocking [CHUNK]");
	if ((bytes = calloc((size_t)chunk, 1)) == NULL)
		err_sys("calloc");
	if (pipe(fds) == -1 || pipe(small_fds) == -1)
		err_sys("pipe");

	printf("writer: writes %ld-byte chunks, and does not read\n", chunk);
	count(fds[1], bytes, chunk);
	show_sizes(fds[1], page);

	set_size(small_fds[1], page);
	count(small_fds[1], bytes, chunk);
	free(bytes);
	return 0;
}
