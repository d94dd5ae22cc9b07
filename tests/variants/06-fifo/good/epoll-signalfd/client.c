/* The client makes the FIFO if there is none, and removes its own if it is interrupted while nobody reads it; stdio. */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "err_sys.h"
#include "px_ipc_name.h"

static char *path;

static void on_signal(int signal_number)
{
	if (open(path, O_WRONLY | O_NONBLOCK) == -1 && errno == ENXIO)
		unlink(path);
	_exit(128 + signal_number);
}

int main(int argc, char *argv[])
{
	const char *message = "hello";
	struct stat status;
	FILE *out;
	int fd, i;

	for (i = 1; i < argc; i++)
		if (strpbrk(argv[i], "\n") != NULL || strlen(argv[i]) + 1 > 4096) {
			fprintf(stderr, "usage: client [MESSAGE]...\n");
			exit(2);
		}
	path = px_ipc_path("fifo");
	signal(SIGPIPE, SIG_IGN);
	if (mkfifo(path, 0600) == 0) {
		signal(SIGINT, on_signal);
		signal(SIGTERM, on_signal);
	} else if (errno != EEXIST) {
		err_sys("mkfifo");
	}
	if (lstat(path, &status) == -1 || !S_ISFIFO(status.st_mode))
		err_quit("%s: not a FIFO", path);
	if ((fd = open(path, O_WRONLY)) == -1 || (out = fdopen(fd, "w")) == NULL)
		err_sys("open");
	setvbuf(out, NULL, _IOFBF, 8192);
	for (i = 1; i < argc || i == 1; i++) {
		if (argc > 1)
			message = argv[i];
		printf("sends \"%s\"\n", message);
		fprintf(out, "%s\n", message);
		if (fflush(out) == EOF)
			err_sys("fflush");
	}
	return 0;
}
