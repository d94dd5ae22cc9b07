/*
 * count_blocking.c - how much a pipe takes: write to it until write() blocks, then ask it.
 *
 * usage: count_blocking [CHUNK]
 */
#include <errno.h>
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
	setvbuf(stdout, NULL, _IOLBF, 0);
	/* 1. CHUNK, the bytes of one write(): a number from 1 up, 1 if there is none, else err_quit("usage: ..."). */
	(void)argc, (void)argv;

	/* 2. A pipe, and a child that writes CHUNK bytes at a time until write() fails. Which end must it close first? */

	/* 3. The parent does not read. When does the child sleep in write()? See /proc/PID/stat, proc(5). */

	/* 4. Then it asks the pipe how much is in it (FIONREAD), and tells it:
	 *        parent: ... the pipe holds N bytes ... */

	/* 5. It closes the read end and waits for the child. */
	return 0;
}
