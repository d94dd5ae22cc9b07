/* Unusual and right: the reader stops itself after its first read(), and the parent continues it. */
#define _GNU_SOURCE
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "err_sys.h"

static void read_some(int fd)
{
	char buf[1024];
	ssize_t n = read(fd, buf, sizeof buf);

	if (n == -1)
		err_sys("read");
	printf("reader: asked for %zu bytes, read %zd: \"%.*s\"\n", sizeof buf, n, (int)n, buf);
}

int main(int argc, char *argv[])
{
	const char *message = argc > 1 ? argv[1] : "hello";
	size_t length = strlen(message);
	int fds[2], status;
	pid_t pid;

	if (pipe(fds) == -1)
		err_sys("pipe");
	if ((pid = fork()) == -1)
		err_sys("fork");
	if (pid == 0) {
		close(fds[1]);
		read_some(fds[0]);
		raise(SIGSTOP);
		read_some(fds[0]);
		exit(0);
	}
	close(fds[0]);
	if (write(fds[1], message, length) == -1)
		err_sys("write");
	if (waitpid(pid, &status, WUNTRACED) == -1 || !WIFSTOPPED(status))
		err_quit("the reader has ended");
	if (write(fds[1], message, length) == -1 || write(fds[1], message, length) == -1) {
		kill(pid, SIGKILL);
		err_sys("write");
	}
	kill(pid, SIGCONT);
	if (waitpid(pid, &status, 0) == -1)
		err_sys("waitpid");
	return status != 0;
}
