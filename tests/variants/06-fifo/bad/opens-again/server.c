/* At each end of file the server closes the FIFO and opens it again: in between there is none, and what it had is lost. */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "err_sys.h"
#include "px_ipc_name.h"

static char *path, *lock_path;

static void remove_both(void)
{
	unlink(path);
	unlink(lock_path);
}

static void on_signal(int signal_number)
{
	(void)signal_number;
	remove_both();
	_exit(0);
}

int main(void)
{
	char *line = NULL;
	struct stat status;
	size_t size = 0;
	ssize_t n;
	FILE *in;
	int lock;

	setvbuf(stdout, NULL, _IOLBF, 0);
	path = px_ipc_path("fifo");
	lock_path = px_ipc_path("lock");
	if ((lock = open(lock_path, O_RDWR | O_CREAT, 0600)) == -1 || flock(lock, LOCK_EX | LOCK_NB) == -1)
		err_sys("%s", lock_path);
	signal(SIGINT, on_signal);
	signal(SIGTERM, on_signal);
	if (mkfifo(path, 0600) == -1 && errno != EEXIST)
		err_sys("mkfifo");
	if (lstat(path, &status) == -1 || !S_ISFIFO(status.st_mode))
		err_sys("%s is not a FIFO", path);
	for (;;) {
		if ((in = fopen(path, "r")) == NULL)
			err_sys("fopen");
		while ((n = getline(&line, &size, in)) > 0) {
			line[strcspn(line, "\n")] = '\0';
			printf("server: received \"%s\"\n", line);
			if (strcmp(line, "quit") == 0) {
				remove_both();
				return 0;
			}
		}
		if (ferror(in))
			err_sys("read");
		fclose(in);
	}
}
