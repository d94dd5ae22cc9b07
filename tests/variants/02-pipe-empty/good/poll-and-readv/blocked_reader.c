/* Unusual and right: poll() with a timeout before readv(); the state alone tells. */
#define _GNU_SOURCE
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/uio.h>
#include <sys/wait.h>
#include <unistd.h>

#include "err_sys.h"

static int reader(int fd)
{
	char left[100], right[900];
	struct iovec to[2] = { { left, sizeof left }, { right, sizeof right } };
	struct pollfd some = { .fd = fd, .events = POLLIN };
	ssize_t n;

	fcntl(fd, F_SETFL, O_NONBLOCK);
	for (;;) {
		if (poll(&some, 1, 5000) != 1)
			err_quit("poll: nothing has come for five seconds");
		if ((n = readv(fd, to, 2)) == -1)
			err_sys("readv");
		if (n == 0)
			return 0;
		printf("reader: asked for 1000 bytes, read %zd: \"%.*s%.*s\"\n", n, (int)(n < 100 ? n : 100), left,
		       (int)(n < 100 ? 0 : n - 100), right);
	}
}

int main(int argc, char *argv[])
{
	const char *message = argc > 1 ? argv[1] : "hello";
	char path[64], state = '?';
	int fds[2], status;
	FILE *stat;
	pid_t pid;

	setvbuf(stdout, NULL, _IOLBF, 0);
	if (pipe(fds) == -1)
		err_sys("pipe");
	if ((pid = fork()) == -1)
		err_sys("fork");
	if (pid == 0) {
		close(fds[1]);
		exit(reader(fds[0]));
	}
	close(fds[0]);
	snprintf(path, sizeof path, "/proc/%d/stat", (int)pid);
	while (state != 'S') {
		if ((stat = fopen(path, "r")) == NULL || fscanf(stat, "%*d (%*[^)]) %c", &state) != 1)
			err_sys("%s", path);
		fclose(stat);
		if (state == 'Z')
			err_quit("the reader has ended");
	}
	printf("parent: pid %d is blocked in read(), 0 bytes in the pipe\n", (int)pid);
	if (write(fds[1], message, strlen(message)) == -1)
		err_sys("write");
	close(fds[1]);
	if (wait(&status) == -1)
		err_sys("wait");
	return status != 0;
}
