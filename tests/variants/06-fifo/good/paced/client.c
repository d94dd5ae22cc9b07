/* Waits by looking every second, and sends a message a second. */
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
	char line[PIPE_BUF + 1], *hello[] = { argv[0], "hello", NULL };
	struct sigaction ignore = { .sa_handler = SIG_IGN };
	struct stat status;
	int fifo, i;

	for (i = 1; i < argc; i++)
		if (strchr(argv[i], '\n') || snprintf(line, sizeof line, "%s\n", argv[i]) > PIPE_BUF)
			err_quit("usage: client [MESSAGE]...");
	sigaction(SIGPIPE, &ignore, NULL);
	while (stat(px_ipc_path("fifo"), &status) == -1 && errno == ENOENT) {
		printf("client: still no FIFO\n");
		sleep(1);
	}
	if (!S_ISFIFO(status.st_mode))
		err_quit("not a FIFO");
	if ((fifo = open(px_ipc_path("fifo"), O_WRONLY)) == -1)
		err_sys("open");
	for (argv = argc > 1 ? argv : hello; *++argv != NULL; sleep(1)) {
		printf("client: sends \"%s\"\n", *argv);
		if (write(fifo, line, (size_t)snprintf(line, sizeof line, "%s\n", *argv)) == -1)
			err_sys("write");
	}
	return 0;
}
