/* Unusual and right: the writer is killed while it sleeps; the words are others, and the buffer is flushed by hand. */
#define _GNU_SOURCE
#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "err_sys.h"

static int sleeps(pid_t pid)
{
	char path[64], text[64] = "";
	int fd, n;

	snprintf(path, sizeof path, "/proc/%d/syscall", pid);
	if ((fd = open(path, O_RDONLY)) == -1 || (n = (int)read(fd, text, sizeof text - 1)) == -1)
		err_sys("%s", path);
	close(fd);
	if (n == 0 || waitpid(pid, NULL, WNOHANG) != 0)
		err_quit("the writer has gone");
	return text[0] != 'r'; /* "running" */
}

int main(int argc, char *argv[])
{
	char *end = "", *bytes;
	long chunk = 1;
	int fds[2], held;
	pid_t writer;

	if (argc > 1)
		chunk = strtol(argv[1], &end, 10);
	if (*end != '\0' || chunk < 1)
		err_quit("usage: count_blocking [CHUNK]");
	if ((bytes = calloc((size_t)chunk, 1)) == NULL || pipe2(fds, O_CLOEXEC) == -1)
		err_sys("pipe2");
	printf("Two processes.\r\n");
	fflush(stdout);
	if ((writer = fork()) == -1)
		err_sys("fork");
	if (writer == 0)
		for (;;) /* with its read end open: only a signal ends it */
			if (write(fds[1], bytes, (size_t)chunk) == -1)
				_exit(1);
	while (!sleeps(writer))
		sched_yield();
	if (ioctl(fds[0], FIONREAD, &held) == -1)
		err_sys("ioctl");
	printf("Result: holds %d bytes (chunk %ld)\r\n", held, chunk);
	kill(writer, SIGKILL);
	waitpid(writer, NULL, 0);
	return 0;
}
