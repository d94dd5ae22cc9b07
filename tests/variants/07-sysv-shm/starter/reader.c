/*
 * reader.c - looks into the writer's shared memory, and at what the kernel knows of it.
 *
 * usage: reader [wait | try]
 */
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/shm.h>
#include <sys/wait.h>
#include <unistd.h>

#include "err_sys.h"
#include "px_ipc_name.h"

int main(int argc, char *argv[])
{
	const char *mode = argc > 1 ? argv[1] : "";
	char *path = px_ipc_path("key");

	setvbuf(stdout, NULL, _IOLBF, 0);
	if (path == NULL)
		err_sys("px_ipc_path");
	/* 1. Find the segment, and attach it read-only.
	 *        reader: ... 4097 bytes, N in memory, nattch N */

	/* 2. wait: sleep until the writer lets you in. */
	(void)mode;

	/* 3. Count what comes before the first 0.
	 *        reader: sees N of 4097 bytes: "..."          the first bytes, at most 11 */

	/* 4. try: attach it once more, and let a child store into it.
	 *        reader: ... nattch N
	 *        reader: ... SIGSEGV */
	free(path);
	return 0;
}
