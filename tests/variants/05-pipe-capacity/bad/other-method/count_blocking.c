#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "err_sys.h"

int main(int argc, char *argv[])
{
	long chunk = argc > 1 ? strtol(argv[1], NULL, 10) : 1, rest = chunk;
	char *end = NULL, *bytes;
	int fds[2], held;
	ssize_t n;

	if (argc > 1 && (strtol(argv[1], &end, 10) < 1 || *end != '\0'))
		err_quit("usage: count_blocking [CHUNK]");
	if ((bytes = calloc((size_t)chunk, 1)) == NULL)
		err_sys("calloc");
	if (pipe(fds) == -1)
		err_sys("pipe");
	if (fcntl(fds[1], F_SETFL, O_NONBLOCK) == -1)
		err_sys("fcntl");
	while ((n = write(fds[1], bytes, (size_t)rest)) != -1)
		rest = n < rest ? rest - n : chunk;
	if (errno != EAGAIN)
		err_sys("write");
	if (ioctl(fds[0], FIONREAD, &held) == -1)
		err_sys("ioctl");
	printf("parent: writer sleeps in write(), the pipe holds %d bytes\n", held);
	return 0;
}
