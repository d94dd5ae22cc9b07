/* A child moves what is in the FIFO into an unnamed pipe, with splice(); the parent takes the lines from there. */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "err_sys.h"
#include "px_ipc_name.h"

static char *path;
static pid_t child;

static void end(int signal_number)
{
	(void)signal_number;
	unlink(path);
	kill(child, SIGKILL);
	waitpid(child, NULL, 0);
	_exit(0);
}

int main(void)
{
	struct flock whole = { .l_type = F_WRLCK, .l_whence = SEEK_SET };
	int fifo, fds[2];
	char *line = NULL;
	struct stat status;
	size_t size = 0;
	FILE *in;

	setvbuf(stdout, NULL, _IOLBF, 0);
	path = px_ipc_path("fifo");
	if (mkfifo(path, 0600) == -1 && errno != EEXIST)
		err_sys("mkfifo");
	if (lstat(path, &status) == -1 || !S_ISFIFO(status.st_mode))
		err_quit("%s: not a FIFO", path);
	if ((fifo = open(path, O_RDWR)) == -1 || pipe(fds) == -1)
		err_sys("open");
	if (fcntl(fifo, F_SETLK, &whole) == -1)
		err_sys("there is a server");
	if ((child = fork()) == -1)
		err_sys("fork");
	if (child == 0) {
		while (splice(fifo, NULL, fds[1], NULL, 65536, 0) > 0)
			;
		err_sys("splice");
	}
	signal(SIGINT, end);
	signal(SIGTERM, end);
	close(fds[1]);
	in = fdopen(fds[0], "r");
	while (getline(&line, &size, in) > 0) {
		line[strcspn(line, "\n")] = '\0';
		printf("server: received \"%s\" (through its child)\n", line);
		if (strcmp(line, "quit") == 0)
			end(0);
	}
	unlink(path);
	wait(NULL);
	return 1;
}
