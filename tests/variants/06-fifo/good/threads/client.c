/* A child does the work, the parent waits for it; open() waits for the reader, poll() makes the pauses. */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "err_sys.h"
#include "px_ipc_name.h"

static int send_all(char *messages[])
{
	char *path = px_ipc_path("fifo");
	struct stat status;
	int fd;

	while (lstat(path, &status) == -1)
		poll(NULL, 0, 20);
	if (!S_ISFIFO(status.st_mode))
		err_quit("%s: not a FIFO", path);
	if ((fd = open(path, O_WRONLY)) == -1)
		err_sys("open");
	for (; *messages != NULL; messages++) {
		printf("child: sends \"%s\"\n", *messages);
		if (dprintf(fd, "%s\n", *messages) < 0)
			err_sys("dprintf");
	}
	return 0;
}

int main(int argc, char *argv[])
{
	char *hello[] = { "hello", NULL };
	int status = 0, i;

	for (i = 1; i < argc; i++)
		if (strlen(argv[i]) > 4095 || strchr(argv[i], '\n') != NULL)
			err_quit("usage: client [MESSAGE]...");
	signal(SIGPIPE, SIG_IGN);
	if (fork() == 0)
		exit(send_all(argc > 1 ? argv + 1 : hello));
	wait(&status);
	return WIFEXITED(status) ? WEXITSTATUS(status) : 1;
}
