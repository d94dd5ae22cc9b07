/* Unusual and right: a reader that never blocks in read(), but waits in poll(); SIGCHLD is ignored instead of
 * wait(). */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "err_sys.h"

int main(int argc, char *argv[])
{
	char *hello[] = { "hello", NULL }, **message = argc > 1 ? argv + 1 : hello, buf[16];
	struct pollfd polled = { .events = POLLIN };
	int fds[2];
	ssize_t n;

	signal(SIGCHLD, SIG_IGN);
	if (pipe(fds) == -1)
		err_sys("pipe");
	switch (fork()) {
	case -1:
		err_sys("fork");
	case 0:
		for (; *message != NULL; message++)
			if (write(fds[1], *message, strlen(*message)) == -1)
				err_sys("write");
		_exit(0);
	}
	close(fds[1]);
	if (fcntl(fds[0], F_SETFL, O_NONBLOCK) == -1)
		err_sys("fcntl");
	polled.fd = fds[0];
	while ((n = read(fds[0], buf, sizeof buf)) != 0) {
		if (n > 0)
			printf("The reader has read %zd bytes: \"%.*s\" from the pipe\r\n", n, (int)n, buf);
		else if (errno != EAGAIN)
			err_sys("read");
		else if (poll(&polled, 1, -1) == -1)
			err_sys("poll");
	}
	printf("it read 0 bytes: end of file\r\n");
	return 0;
}
