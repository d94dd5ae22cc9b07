/* A thread reads lines through stdio, the main thread waits for a signal. */
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "err_sys.h"
#include "px_ipc_name.h"

static FILE *fifo;

static void *read_lines(void *arg)
{
	char *line = NULL;
	size_t size = 0;

	(void)arg;
	while (getline(&line, &size, fifo) > 0) {
		line[strlen(line) - 1] = '\0';
		printf("server: received \"%s\"\n", line);
		if (strcmp(line, "quit") == 0) {
			kill(getpid(), SIGTERM);
			return NULL;
		}
	}
	err_sys("getline");
}

int main(void)
{
	char *path = px_ipc_path("fifo");
	struct stat status;
	pthread_t thread;
	int fd, got;
	sigset_t set;

	setvbuf(stdout, NULL, _IOLBF, 0);
	sigemptyset(&set);
	sigaddset(&set, SIGINT);
	sigaddset(&set, SIGTERM);
	pthread_sigmask(SIG_BLOCK, &set, NULL);
	if (mkfifo(path, 0600) == -1 && errno != EEXIST)
		err_sys("mkfifo");
	if ((fd = open(path, O_RDWR)) == -1 || fstat(fd, &status) == -1)
		err_sys("open");
	if (!S_ISFIFO(status.st_mode))
		err_quit("%s: not a FIFO", path);
	if (flock(fd, LOCK_EX | LOCK_NB) == -1)
		err_sys("there is a server");
	fifo = fdopen(fd, "r");
	pthread_create(&thread, NULL, read_lines, NULL);
	sigwait(&set, &got);
	unlink(path);
	return 0;
}
