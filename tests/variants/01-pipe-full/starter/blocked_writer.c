/*
 * blocked_writer.c - nobody reads, and the pipe is full: write() waits, without an error, without an end.
 *
 * usage: blocked_writer [CHUNK]
 */
#define _GNU_SOURCE
#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "err_sys.h"

int main(int argc, char *argv[])
{
	long chunk = argc > 1 ? strtol(argv[1], NULL, 10) : 4096;

	setvbuf(stdout, NULL, _IOLBF, 0);
	/* 1. Make a pipe, and a child. */

	/* 2. The child writes more than the pipe can hold, CHUNK bytes at a time.
	 *    Which end must it close before that? */
	(void)chunk;

	/* 3. The parent looks into /proc/PID/stat or /proc/PID/syscall until the child is asleep in write(), and asks
	 *    how many bytes are in the pipe (FIONREAD):
	 *        parent: pid N is blocked in write(), B bytes in the pipe
	 *    What if the child has ended? */

	/* 4. The parent ends the child, and waits for it:
	 *        parent: pid N was killed by signal S */
	return 0;
}
