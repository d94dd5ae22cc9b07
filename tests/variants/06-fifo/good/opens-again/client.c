/* Tries again after a pause; writev(); a handler for SIGPIPE; a high descriptor; CRLF. */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <unistd.h>

#include "err_sys.h"
#include "px_ipc_name.h"

static void ignore(int signal_number)
{
	(void)signal_number;
}

int main(int argc, char *argv[])
{
	char *hello[] = { argv[0], "hello", NULL }, *path = px_ipc_path("fifo");
	struct stat status;
	int fd, high, i;

	if (argc < 2)
		argv = hello, argc = 2;
	for (i = 1; i < argc; i++)
		if (strlen(argv[i]) > 4095 || strchr(argv[i], '\n'))
			err_quit("no such message: %.20s ...", argv[i]);
	signal(SIGPIPE, ignore);
	while ((fd = open(path, O_WRONLY | O_NONBLOCK)) == -1) {
		if (errno != ENOENT && errno != ENXIO)
			err_sys("open");
		usleep(50000);
	}
	if (fstat(fd, &status) == -1 || !S_ISFIFO(status.st_mode))
		err_quit("%s: not a FIFO", path);
	high = fcntl(fd, F_DUPFD, 200);
	close(fd);
	fcntl(high, F_SETFL, 0);
	for (i = 1; i < argc; i++) {
		struct iovec parts[2] = { { argv[i], strlen(argv[i]) }, { "\n", 1 } };

		printf("now it sends \"%s\", and waits\r\n", argv[i]);
		if (writev(high, parts, 2) == -1)
			err_sys("writev");
	}
	return 0;
}
