/* Unusual and right: the parent writes, the child looks on, and its end is what wakes the parent. */
#include <errno.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "err_sys.h"

static int look_on(int fd)
{
	char path[64], state = '?';
	int held, i;
	FILE *in;

	snprintf(path, sizeof path, "/proc/%d/stat", getppid());
	for (i = 0; state != 'S'; i++) {
		if ((in = fopen(path, "r")) == NULL || fscanf(in, "%*d (%*[^)]) %c", &state) != 1)
			err_sys("%s", path);
		fclose(in);
		sched_yield();
	}
	if (ioctl(fd, FIONREAD, &held) == -1)
		err_sys("ioctl");
	printf("child: my parent sleeps, its pipe holds %d bytes, seen at look %d\n", held, i);
	return 0;
}

int main(int argc, char *argv[])
{
	long chunk = 1;
	char *end = "", *bytes;
	int fds[2], status;

	if (argc > 1)
		chunk = strtol(argv[1], &end, 10);
	if (*end != '\0' || chunk < 1)
		err_quit("usage: count_blocking [CHUNK]");
	signal(SIGPIPE, SIG_IGN);
	if ((bytes = calloc((size_t)chunk, 1)) == NULL || pipe(fds) == -1)
		err_sys("pipe");
	switch (fork()) {
	case -1:
		err_sys("fork");
	case 0:
		close(fds[1]);
		return look_on(fds[0]);
	}
	close(fds[0]);
	while (write(fds[1], bytes, (size_t)chunk) != -1)
		;
	if (errno != EPIPE)
		err_sys("write");
	free(bytes);
	if (wait(&status) == -1)
		err_sys("wait");
	return WIFEXITED(status) ? WEXITSTATUS(status) : 1;
}
