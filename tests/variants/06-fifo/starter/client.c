/*
 * client.c - sends messages to the server through its FIFO.
 *
 * usage: client [MESSAGE]...        (default: hello)
 */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "err_sys.h"
#include "px_ipc_name.h"

int main(int argc, char *argv[])
{
	char *default_messages[] = { "hello", NULL };
	char **messages = argc > 1 ? argv + 1 : default_messages;
	char *path = px_ipc_path("fifo");

	setvbuf(stdout, NULL, _IOLBF, 0);
	if (path == NULL)
		err_sys("px_ipc_path");
	/* 1. A message with a newline in it, or one that is too long: exit 2 (err_quit), before anything is sent. */

	/* 2. Open the FIFO for writing. What if there is none yet, or nobody who reads it? */

	/* 3. For each message this line, and then the message and a newline in one write():
	 *        client: sends "MESSAGE"
	 *    What if the server is killed meanwhile? */
	(void)messages;
	free(path);
	return 0;
}
