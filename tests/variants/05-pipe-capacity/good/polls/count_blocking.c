/* Unusual and right: the writer sleeps in poll() for room rather than in write(). */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "err_sys.h"

static void write_with_poll(int fd, const char *bytes, size_t chunk)
{
	struct pollfd room = { .fd = fd, .events = POLLOUT };
	size_t rest = chunk;
	ssize_t n;

	for (;;) {
		n = write(fd, bytes, rest);
		if (n >= 0)
			rest = (size_t)n < rest ? rest - (size_t)n : chunk;
		else if (errno != EAGAIN || poll(&room, 1, -1) == -1 || room.revents & POLLERR)
			_exit(0);
	}
}

int main(int argc, char *argv[])
{
	char *end = "", *bytes, path[64], state;
	long chunk = 1;
	int fds[2], held;
	pid_t writer;
	FILE *in;

	if (argc > 1)
		chunk = strtol(argv[1], &end, 10);
	if (*end != '\0' || chunk < 1)
		err_quit("usage: count_blocking [CHUNK]");
	setvbuf(stdout, NULL, _IONBF, 0);
	if ((bytes = calloc((size_t)chunk, 1)) == NULL || pipe(fds) == -1 || fcntl(fds[1], F_SETFL, O_NONBLOCK) == -1)
		err_sys("pipe");
	if ((writer = fork()) == -1)
		err_sys("fork");
	if (writer == 0) {
		close(fds[0]);
		write_with_poll(fds[1], bytes, (size_t)chunk);
	}
	snprintf(path, sizeof path, "/proc/%d/stat", writer);
	do {
		sched_yield();
		if ((in = fopen(path, "r")) == NULL || fscanf(in, "%*d (%*[^)]) %c", &state) != 1 || state == 'Z')
			err_sys("%s", path);
		fclose(in);
	} while (state != 'S');
	if (ioctl(fds[0], FIONREAD, &held) == -1)
		err_sys("ioctl");
	printf("writer waits for room, the pipe holds %d bytes\n", held);
	close(fds[0]);
	if (waitpid(writer, NULL, 0) == -1)
		err_sys("waitpid");
	free(bytes);
	return 0;
}
