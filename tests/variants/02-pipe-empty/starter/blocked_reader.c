/*
 * blocked_reader.c - an empty pipe: read() waits until something is written, then returns at once.
 *
 * usage: blocked_reader [MESSAGE]
 */
#include <fcntl.h>
#include <sched.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "err_sys.h"

int main(int argc, char *argv[])
{
	const char *message = argc > 1 ? argv[1] : "hello";

	setvbuf(stdout, NULL, _IOLBF, 0);
	/* 1. Make a pipe, and a child. */

	/* 2. The child reads, and prints what read() returned (N bytes, no null byte after them):
	 *        reader: asked for A bytes, read N: "..."
	 *    Which end must it close before that? */

	/* 3. The parent looks into /proc/PID/stat or /proc/PID/syscall until the child is asleep in read():
	 *        parent: pid N is blocked in read(), 0 bytes in the pipe
	 *    What if the child has ended? */

	/* 4. Only then it writes the message, without its null byte, and waits for the child. */
	(void)message;
	return 0;
}
