/*
 * epipe_writer.c - who ignores SIGPIPE is not killed: write() fails with EPIPE instead.
 *
 * usage: epipe_writer
 */
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "err_sys.h"

int main(void)
{
	setvbuf(stdout, NULL, _IOLBF, 0);
	/* 1. As in killed_writer.c, but the writer ignores SIGPIPE, and looks at what write() returns:
	 *        writer: ... EPIPE ... */

	/* 2. The writer exits by itself; the parent waits for it:
	 *        parent: writer exited with status N */
	return 0;
}
