/*
 * writer.c - System V shared memory: makes a segment, fills it half by half, and removes it.
 *
 * usage: writer [TEXT]        (default "hello ": the segment is filled with copies of it)
 */
#define _DEFAULT_SOURCE /* SHM_DEST (Linux) */
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/shm.h>
#include <unistd.h>

#include "err_sys.h"
#include "px_ipc_name.h"

enum { SIZE = 4097 };

int main(int argc, char *argv[])
{
	const char *words = argc > 1 ? argv[1] : "hello ";
	char *path = px_ipc_path("key");

	setvbuf(stdout, NULL, _IOLBF, 0);
	if (path == NULL)
		err_sys("px_ipc_path");
	/* 1. The key file, mode 0600, and a write lock on it. Is there a writer already? What if a signal comes now? */

	/* 2. The segment: SIZE bytes, mode 0600, attached. What if a killed writer has left one?
	 *        writer: made a segment of 4097 bytes ... */

	/* 3. With each line of standard input a step. At its end what is left follows unasked.
	 *        writer: stored 2048 of 4097 bytes
	 *        writer: stored 4097 of 4097 bytes            from here on a read lock will do */
	(void)words;

	/* 4. With the third line: mark it, tell who has it attached, detach it. And the key file?
	 *        writer: ... dest ... nattch N */
	free(path);
	return 0;
}
