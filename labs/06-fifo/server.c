/*
 * server.c - reads messages from a FIFO: a pipe with a name, so that any process can be a client.
 *
 * usage: server
 *
 * Serves one client after another (a message is a line) until one sends "quit", or SIGINT or SIGTERM
 * comes. Compare with lab 3: here the reader holds a write end itself, on purpose.
 */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "err_sys.h"
#include "px_ipc_name.h"

static char *path;
static int told[2]; /* a pipe: a signal is written into it, and so poll() cannot miss it */

static void on_signal(int signal_number)
{
	if (write(told[1], &signal_number, sizeof signal_number) == -1)
		_exit(1);
}

static void remove_fifo(void)
{
	unlink(path);
}

/* Open the FIFO, made here or left by a killed server, and lock it: a second server must keep off. */
static int take_fifo(void)
{
	struct flock lock = { .l_type = F_WRLCK, .l_whence = SEEK_SET };
	struct stat status;
	int fifo;

	for (;; close(fifo)) {
		if (mkfifo(path, 0600) == -1 && errno != EEXIST)
			err_sys("mkfifo %s", path);
		/* for writing too (on Linux): so it waits for nobody, and read() will never return 0 */
		if ((fifo = open(path, O_RDWR | O_NOFOLLOW)) == -1)
			err_sys("open %s", path);
		if (fcntl(fifo, F_SETLK, &lock) == -1)
			err_sys("%s has a server already", path);
		if (fstat(fifo, &status) == -1)
			err_sys("fstat %s", path);
		if (!S_ISFIFO(status.st_mode)) {
			errno = EEXIST;
			err_sys("%s is not a FIFO", path);
		}
		if (status.st_nlink > 0) /* else its last server removed it just before our lock: again */
			break;
	}
	atexit(remove_fifo);
	return fifo;
}

/* Read what there is, and print each whole line; the rest waits for its end. Returns 0 after "quit". */
static int receive(int fifo)
{
	static char buf[65536];
	static size_t filled;
	char *line = buf, *end;
	ssize_t n = read(fifo, buf + filled, sizeof buf - filled);

	if (n == -1)
		err_sys("read %s", path);
	filled += n;
	for (; (end = memchr(line, '\n', buf + filled - line)) != NULL; line = end + 1) {
		*end = '\0';
		printf("server: received \"%s\"\n", line);
		if (strcmp(line, "quit") == 0)
			return 0;
	}
	filled -= line - buf;
	memmove(buf, line, filled);
	if (filled == sizeof buf)
		filled = 0; /* no client of ours sends lines as long as that */
	return 1;
}

static void serve(int fifo)
{
	struct pollfd ready[] = { { .fd = told[0], .events = POLLIN }, { .fd = fifo, .events = POLLIN } };

	printf("server: waits for clients\n");
	do {
		while (poll(ready, 2, -1) == -1)
			if (errno != EINTR)
				err_sys("poll");
		if ((ready[1].revents & POLLIN) && !receive(fifo))
			return;
	} while (!(ready[0].revents & POLLIN));
}

int main(int argc, char *argv[])
{
	struct sigaction action = { .sa_handler = on_signal, .sa_flags = SA_RESTART };

	setvbuf(stdout, NULL, _IOLBF, 0);
	if (argc != 1)
		err_quit("usage: %s", argv[0]);
	if ((path = px_ipc_path("fifo")) == NULL)
		err_sys("px_ipc_path");
	if (pipe(told) == -1)
		err_sys("pipe");
	if (sigaction(SIGINT, &action, NULL) == -1 || sigaction(SIGTERM, &action, NULL) == -1)
		err_sys("sigaction");
	signal(SIGPIPE, SIG_IGN); /* nobody reads our lines any more: no reason to leave the FIFO behind */
	umask(077);
	serve(take_fifo());
	printf("server: ends, and removes the FIFO\n");
	return 0;
}
