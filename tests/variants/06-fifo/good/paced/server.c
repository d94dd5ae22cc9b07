/* select() that wakes now and then for a look at a flag; pauses; every line into a buffer, flushed at the end into a file. */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/select.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "err_sys.h"
#include "px_ipc_name.h"

static volatile sig_atomic_t told;

static void on_signal(int signal_number)
{
	told = signal_number;
}

int main(void)
{
	const struct timespec pause_a_little = { 0, 300000000 };
	struct flock whole = { .l_type = F_WRLCK, .l_whence = SEEK_SET };
	char *path = px_ipc_path("fifo"), line[4096];
	size_t length = 0;
	struct stat status;
	int fifo;

	printf("server: good morning\n");
	if (mkfifo(path, 0600) == -1 && errno != EEXIST)
		err_sys("mkfifo");
	if (lstat(path, &status) == -1 || !S_ISFIFO(status.st_mode))
		err_quit("%s: not a FIFO", path);
	if ((fifo = open(path, O_RDWR)) == -1)
		err_sys("open");
	if (fcntl(fifo, F_SETLK, &whole) == -1)
		err_sys("there is a server");
	signal(SIGINT, on_signal);
	signal(SIGTERM, on_signal);
	while (!told) {
		struct timeval soon = { 0, 100000 };
		fd_set set;
		char c;

		FD_ZERO(&set);
		FD_SET(fifo, &set);
		if (select(fifo + 1, &set, NULL, NULL, &soon) <= 0)
			continue;
		if (read(fifo, &c, 1) != 1)
			err_sys("read");
		line[length++] = c;
		if (c != '\n')
			continue;
		line[length - 1] = '\0';
		nanosleep(&pause_a_little, NULL);
		printf("server: received \"%s\"\n", line);
		length = 0;
		if (strcmp(line, "quit") == 0)
			break;
	}
	printf("server: good night\n");
	unlink(path);
	return 0;
}
