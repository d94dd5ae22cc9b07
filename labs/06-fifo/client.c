/*
 * client.c - sends messages to the server through its FIFO.
 *
 * usage: client [MESSAGE]...        (default: hello; "quit" ends the server)
 *
 * Each message is one line and one write(): of at most PIPE_BUF bytes, so that it stays in one piece
 * whoever else writes. The FIFO belongs to the server: started first, the client waits for it, and
 * as it makes nothing itself it leaves nothing behind. Compare with server.c.
 */
#include <errno.h>
#include <fcntl.h>
#include <libgen.h>
#include <limits.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/inotify.h>
#include <sys/stat.h>
#include <unistd.h>

#include "err_sys.h"
#include "px_ipc_name.h"

/* From now on, read() of what this returns waits for a new name in PATH's directory (inotify(7), Linux). */
static int watch_directory_of(const char *path)
{
	char *copy = strdup(path);
	int watch = inotify_init1(IN_CLOEXEC);

	if (copy == NULL)
		err_sys("strdup");
	if (watch == -1)
		err_sys("inotify_init1");
	if (inotify_add_watch(watch, dirname(copy), IN_CREATE | IN_MOVED_TO) == -1)
		err_sys("inotify_add_watch %s", copy);
	free(copy);
	return watch;
}

/* Wait until the FIFO exists, and then in open() until somebody has it open for reading. */
static int wait_for_server(const char *path)
{
	int watch = watch_directory_of(path);
	char events[8192];
	int fifo;

	while ((fifo = open(path, O_WRONLY | O_NOFOLLOW)) == -1) {
		if (errno != ENOENT)
			err_sys("open %s", path);
		if (read(watch, events, sizeof events) == -1)
			err_sys("read inotify");
	}
	close(watch);
	return fifo;
}

static int open_fifo(const char *path)
{
	struct stat status;
	int fifo = open(path, O_WRONLY | O_NONBLOCK | O_NOFOLLOW);

	if (fifo == -1 && (errno == ENOENT || errno == ENXIO)) {
		printf("client: nobody reads the FIFO yet: waits for a server\n");
		fifo = wait_for_server(path);
	}
	if (fifo == -1 || fstat(fifo, &status) == -1)
		err_sys("open %s", path);
	if (!S_ISFIFO(status.st_mode)) {
		errno = EEXIST;
		err_sys("%s is not a FIFO", path);
	}
	if (fcntl(fifo, F_SETFL, fcntl(fifo, F_GETFL) & ~O_NONBLOCK) == -1)
		err_sys("fcntl F_SETFL");
	return fifo;
}

static void send_message(int fifo, const char *message)
{
	char line[PIPE_BUF + 1];
	int length = snprintf(line, sizeof line, "%s\n", message);

	printf("client: sends \"%s\"\n", message);
	if (write(fifo, line, length) == -1)
		err_sys(errno == EPIPE ? "write: the server has gone" : "write");
}

int main(int argc, char *argv[])
{
	char *default_messages[] = { "hello", NULL };
	char **messages = argc > 1 ? argv + 1 : default_messages;
	char *path = px_ipc_path("fifo");
	int fifo;

	setvbuf(stdout, NULL, _IOLBF, 0);
	for (char **m = messages; *m != NULL; m++)
		if (strchr(*m, '\n') != NULL || strlen(*m) >= PIPE_BUF)
			err_quit("usage: client [MESSAGE]... (each a line of at most %d bytes)",
				 PIPE_BUF - 1);
	if (path == NULL)
		err_sys("px_ipc_path");

	signal(SIGPIPE, SIG_IGN); /* a server that has gone shall be an error (EPIPE), not our end */
	fifo = open_fifo(path);
	free(path);
	for (char **m = messages; *m != NULL; m++)
		send_message(fifo, *m);
	return 0;
}
