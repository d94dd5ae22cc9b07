/*
 * lost_eof.c - the classic bug: end-of-file never comes while the reader itself holds a write end.
 *
 * usage: lost_eof
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/wait.h>
#include <unistd.h>

#include "err_sys.h"

int main(void)
{
	setvbuf(stdout, NULL, _IOLBF, 0);
	/* 1. A pipe, a child that writes "hello" and exits; the parent waits for it and keeps its write end. */

	/* 2. The parent reads without blocking (O_NONBLOCK): what does read() say when the pipe is empty?
	 *        reader: nothing to read, but no end of file: ... */

	/* 3. It closes its write end and reads again:
	 *        reader: read 0 bytes: end of file */
	return 0;
}
