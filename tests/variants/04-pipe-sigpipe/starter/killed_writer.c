/*
 * killed_writer.c - who writes to a pipe that nobody can read any more is killed by SIGPIPE.
 *
 * usage: killed_writer
 */
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "err_sys.h"

int main(void)
{
	setvbuf(stdout, NULL, _IOLBF, 0);
	/* 1. Make a pipe whose only read end is closed before anybody writes. Before or after fork()? */

	/* 2. A child takes SIGPIPE as it is by default, even if who started us has ignored or blocked it, and writes. */

	/* 3. The parent waits for it, and tells what the status says:
	 *        parent: writer was killed by signal N ... */
	return 0;
}
