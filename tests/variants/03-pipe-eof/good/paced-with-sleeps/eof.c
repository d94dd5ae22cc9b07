/* Slow and right: sleeps pace the show, but nothing depends on them; two children, one message each at a
 * time. */
#define _GNU_SOURCE
#include <stdio.h>
#include <string.h>
#include <sys/uio.h>
#include <sys/wait.h>
#include <unistd.h>

#include "err_sys.h"

static void write_messages(int fd, char *messages[])
{
	struct iovec iov;

	for (; *messages != NULL; messages++) {
		sleep(1);
		iov.iov_base = *messages;
		iov.iov_len = strlen(*messages);
		if (writev(fd, &iov, 1) == -1)
			err_sys("writev");
	}
}

int main(int argc, char *argv[])
{
	char *hello[] = { "hello", NULL }, first[3], rest[61];
	struct iovec iov[2] = { { first, sizeof first }, { rest, sizeof rest } };
	int fds[2], i;
	ssize_t n;

	setvbuf(stdout, NULL, _IOLBF, 0);
	if (pipe(fds) == -1)
		err_sys("pipe");
	for (i = 0; i < 2; i++) /* the second one does nothing but hold a write end for a while */
		switch (fork()) {
		case -1:
			err_sys("fork");
		case 0:
			close(fds[0]);
			if (i == 0)
				write_messages(fds[1], argc > 1 ? argv + 1 : hello);
			else
				usleep(3000000);
			return 0;
		}
	close(fds[1]);
	while ((n = readv(fds[0], iov, 2)) > 0) {
		usleep(1000);
		printf("reader: read %zd bytes: \"%.*s%.*s\"\n", n, n < 3 ? (int)n : 3, first,
		       n < 3 ? 0 : (int)n - 3, rest);
	}
	if (n == -1)
		err_sys("readv");
	printf("reader: read 0 bytes: end of file\n");
	while (wait(NULL) != -1)
		;
	return 0;
}
