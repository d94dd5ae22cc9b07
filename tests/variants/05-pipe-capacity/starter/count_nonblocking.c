/*
 * count_nonblocking.c - how much a pipe takes: write to it until write() fails with EAGAIN.
 *
 * usage: count_nonblocking [CHUNK]
 */
#define _GNU_SOURCE /* F_GETPIPE_SZ and F_SETPIPE_SZ */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "err_sys.h"

int main(int argc, char *argv[])
{
	setvbuf(stdout, NULL, _IOLBF, 0);
	/* 1. CHUNK as in count_blocking.c; a pipe with O_NONBLOCK. */
	(void)argc, (void)argv;

	/* 2. Write CHUNK bytes at a time, after a short write its rest, until EAGAIN:
	 *        writer: ... the pipe holds N bytes ... */

	/* 3. What does the pipe say of itself?
	 *        writer: F_GETPIPE_SZ is N bytes
	 *        writer: PIPE_BUF is N bytes */

	/* 4. Set another capacity, and count again:
	 *        writer: F_SETPIPE_SZ ...
	 *        writer: ... the pipe holds N bytes ... */
	return 0;
}
