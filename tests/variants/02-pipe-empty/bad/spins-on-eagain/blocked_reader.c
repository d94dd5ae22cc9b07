/* An empty pipe, but nobody waits: the reader tries again and again. */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "err_sys.h"

int main(int argc, char *argv[])
{
	const char *message = argc > 1 ? argv[1] : "hello";
	char buf[1000];
	ssize_t n;
	int fds[2], status;
	pid_t pid;

	setvbuf(stdout, NULL, _IOLBF, 0);
	if (pipe2(fds, O_NONBLOCK) == -1)
		err_sys("pipe2");
	if ((pid = fork()) == -1)
		err_sys("fork");
	if (pid == 0) {
		close(fds[1]);
		while ((n = read(fds[0], buf, sizeof buf)) == -1)
			if (errno != EAGAIN)
				err_sys("read");
		printf("reader: asked for %zu bytes, read %zd: \"%.*s\"\n", sizeof buf, n, (int)n, buf);
		return 0;
	}
	close(fds[0]);
	printf("parent: pid %d is blocked in read(), 0 bytes in the pipe\n", (int)pid);
	if (write(fds[1], message, strlen(message)) == -1)
		err_sys("write");
	if (waitpid(pid, &status, 0) == -1)
		err_sys("waitpid");
	return status != 0;
}
