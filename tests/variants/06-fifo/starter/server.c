/*
 * server.c - reads messages from a FIFO: a pipe with a name, so that any process can be a client.
 *
 * usage: server
 */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "err_sys.h"
#include "px_ipc_name.h"

int main(void)
{
	char *path = px_ipc_path("fifo");

	setvbuf(stdout, NULL, _IOLBF, 0);
	if (path == NULL)
		err_sys("px_ipc_path");
	/* 1. Make the FIFO, mode 0600, or use the one that a killed server has left. Is it a FIFO at all? Is there a
	 *    server already? */

	/* 2. Open it so that the end of a client is not your end, and that read() sleeps until the next one comes. */

	/* 3. Put together what comes in pieces, and for each whole line:
	 *        server: received "MESSAGE" */

	/* 4. End on the message "quit", on SIGINT and on SIGTERM, and remove the FIFO. */
	free(path);
	return 0;
}
