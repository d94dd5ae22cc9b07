/* At each end of file the FIFO is opened again before the old descriptor is closed: so nothing is lost. */
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

static char *path;

static void on_signal(int signal_number)
{
	(void)signal_number;
	unlink(path);
	_exit(0);
}

/* One more line, a byte at a time. */
static int next_line(int fd, char line[8192])
{
	static size_t at;
	ssize_t n;

	while ((n = read(fd, line + at, 1)) == 1 && line[at] != '\n')
		at = at < 8190 ? at + 1 : 0;
	if (n == -1)
		err_sys("read");
	if (n == 0)
		return 0;
	line[at] = '\0';
	at = 0;
	return 1;
}

int main(void)
{
	struct stat status;
	char line[8192];
	int fd, old;

	path = px_ipc_path("fifo");
	if (mkfifo(path, S_IRUSR | S_IWUSR) == -1 && errno != EEXIST)
		err_sys("mkfifo");
	if ((old = open(path, O_RDONLY | O_NONBLOCK)) == -1 || fstat(old, &status) == -1)
		err_sys("open");
	if (!S_ISFIFO(status.st_mode))
		err_quit("%s: not a FIFO", path);
	if (flock(old, LOCK_EX | LOCK_NB) == -1)
		err_sys("there is a server");
	signal(SIGINT, on_signal);
	signal(SIGTERM, on_signal);
	fcntl(old, F_SETFL, 0);
	for (;;) {
		if ((fd = open(path, O_RDONLY)) == -1)
			err_sys("open");
		close(old);
		flock(old = fd, LOCK_EX);
		while (next_line(fd, line)) {
			printf("** a client says: received \"%s\" **\r\n", line);
			fflush(stdout);
			if (strcmp(line, "quit") == 0) {
				unlink(path);
				exit(0);
			}
		}
	}
}
