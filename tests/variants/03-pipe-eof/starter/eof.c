/*
 * eof.c - a pipe ends when its last write end is closed: read() then returns 0.
 *
 * usage: eof [MESSAGE]...
 */
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "err_sys.h"

int main(int argc, char *argv[])
{
	char *default_messages[] = { "hello", NULL };
	char **messages = argc > 1 ? argv + 1 : default_messages;

	setvbuf(stdout, NULL, _IOLBF, 0);
	/* 1. Make a pipe, and a child. */

	/* 2. The child writes each of the messages (without its null byte) and exits. */
	(void)messages;

	/* 3. The parent reads until the end of file, and prints what each read() returned:
	 *        reader: read N bytes: "..."
	 *        reader: read 0 bytes: end of file
	 *    Who must close which end before that? */

	/* 4. The parent waits for the child. */
	return 0;
}
