/*
 * short_reader.c - read() takes what there is, up to what it asked for: a pipe keeps no message apart.
 *
 * usage: short_reader [MESSAGE]
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
	/* 1. One process writes the message once, the other reads with one read() that asks for more:
	 *        reader: asked for A bytes, read N: "MESSAGE" */
	(void)message;

	/* 2. Then the message is written twice, by two write() calls, and only then read again, by one read():
	 *        reader: asked for A bytes, read M: "MESSAGEMESSAGE"
	 *    What holds the reader back until both are written? What holds the writer back until the first read()? */

	/* 3. The parent waits for the child. */
	return 0;
}
