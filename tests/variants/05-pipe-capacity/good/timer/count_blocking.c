/* Unusual and right: one process; a timer's signal interrupts write() again and again, until there is no room at all. */
#define _GNU_SOURCE
#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <sys/time.h>
#include <unistd.h>

#include "err_sys.h"

static void on_alarm(int sig)
{
	(void)sig;
}

int main(int argc, char *argv[])
{
	struct sigaction action = { .sa_handler = on_alarm };
	struct itimerval often = { { 0, 10000 }, { 0, 10000 } };
	size_t chunk = 1, rest;
	char *end = "", *bytes;
	struct pollfd room;
	int fds[2], held;
	ssize_t n;

	if (argc > 1)
		chunk = strtoul(argv[1], &end, 10);
	if (*end != '\0' || chunk < 1 || (argc > 1 && *argv[1] == '-'))
		err_quit("usage: count_blocking [CHUNK]");
	if ((bytes = calloc(chunk, 1)) == NULL || pipe(fds) == -1)
		err_sys("pipe");
	if (sigaction(SIGALRM, &action, NULL) == -1 || setitimer(ITIMER_REAL, &often, NULL) == -1)
		err_sys("setitimer");
	room = (struct pollfd){ .fd = fds[1], .events = POLLOUT };
	for (rest = chunk;;) {
		n = write(fds[1], bytes, rest);
		if (n == -1 && errno != EINTR)
			err_sys("write");
		if (n != (ssize_t)rest && poll(&room, 1, 0) == 0)
			break;
		if (n > 0)
			rest = (size_t)n < rest ? rest - (size_t)n : chunk;
	}
	if (ioctl(fds[0], FIONREAD, &held) == -1)
		err_sys("ioctl");
	printf("interrupted in write(): holds %d bytes\n", held);
	return 0;
}
