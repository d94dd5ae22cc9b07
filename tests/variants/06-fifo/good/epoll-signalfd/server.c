/* epoll_wait() for a FIFO that does not block and for signals as a descriptor; an open file description lock. */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/signalfd.h>
#include <sys/stat.h>
#include <unistd.h>

#include "err_sys.h"
#include "px_ipc_name.h"

int main(void)
{
	struct flock whole = { .l_type = F_WRLCK, .l_whence = SEEK_SET };
	struct epoll_event event = { .events = EPOLLIN };
	char *path = px_ipc_path("fifo"), *text = NULL, *end;
	int fifo, writer, signals, epoll = epoll_create1(0);
	size_t length = 0;
	struct stat status;
	sigset_t set;
	ssize_t n = 1;

	sigemptyset(&set);
	sigaddset(&set, SIGINT);
	sigaddset(&set, SIGTERM);
	sigprocmask(SIG_BLOCK, &set, NULL);
	signals = signalfd(-1, &set, 0);
	if (mknod(path, S_IFIFO | 0600, 0) == -1 && errno != EEXIST)
		err_sys("mknod");
	if (lstat(path, &status) == -1 || !S_ISFIFO(status.st_mode))
		err_quit("%s: not a FIFO", path);
	if ((fifo = open(path, O_RDONLY | O_NONBLOCK)) == -1 || (writer = open(path, O_WRONLY)) == -1)
		err_sys("open");
	if (fcntl(writer, F_OFD_SETLK, &whole) == -1)
		err_sys("there is a server");
	event.data.fd = fifo;
	epoll_ctl(epoll, EPOLL_CTL_ADD, fifo, &event);
	event.data.fd = signals;
	epoll_ctl(epoll, EPOLL_CTL_ADD, signals, &event);
	for (;;) {
		if (epoll_wait(epoll, &event, 1, -1) == -1)
			err_sys("epoll_wait");
		if (event.data.fd == signals)
			break;
		do {
			text = realloc(text, length + 4096);
			n = read(fifo, text + length, 4096);
			length += n > 0 ? (size_t)n : 0;
		} while (n > 0);
		if (errno != EAGAIN)
			err_sys("read");
		while ((end = memchr(text, '\n', length)) != NULL) {
			*end++ = '\0';
			printf("received \"%s\"\n", text);
			if (strcmp(text, "quit") == 0)
				goto quit;
			length -= (size_t)(end - text);
			memmove(text, end, length);
		}
	}
quit:
	unlink(path);
	return 0;
}
