/*
 * drained_writer.c - somebody reads from the full pipe: write() waits until there is room, and goes on.
 *
 * usage: drained_writer [CHUNK]
 */
#define _GNU_SOURCE
#include <fcntl.h>
#include <sched.h>
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
	/* 1. As blocked_writer.c, up to the line
	 *        parent: pid N is blocked in write(), B bytes in the pipe
	 *    When the child has written all, it prints
	 *        writer: wrote all T bytes */
	(void)chunk;

	/* 2. The parent reads one byte, and looks again:
	 *        parent: read 1 byte: pid N is still blocked in write() */

	/* 3. It reads on, a little at a time, until the child has gone on; R is what it has read till then:
	 *        parent: read R bytes: pid N went on */

	/* 4. It reads all the rest, until the end of file, and waits for the child:
	 *        parent: read all T bytes */
	return 0;
}
