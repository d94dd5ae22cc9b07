/* Unusual and right: an unbuffered stream on the pipe, CRLF lines, all told at the end, and the end by SIGPIPE. */
#define _GNU_SOURCE
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "err_sys.h"

static char bytes[1048576];

int main(int argc, char *argv[])
{
	size_t chunk = argc > 1 ? strtoul(argv[1], NULL, 10) : 4096;
	char path[64], state = '?';
	int fds[2], queued, status;
	FILE *to, *stat;
	pid_t pid;

	if (pipe(fds) == -1)
		err_sys("pipe");
	if ((pid = fork()) == -1)
		err_sys("fork");
	if (pid == 0) {
		signal(SIGPIPE, SIG_DFL);
		close(fds[0]);
		if ((to = fdopen(fds[1], "w")) == NULL)
			err_sys("fdopen");
		setvbuf(to, NULL, _IONBF, 0);
		while (fwrite(bytes, 1, chunk, to) == chunk)
			;
		err_sys("fwrite");
	}
	close(fds[1]);
	snprintf(path, sizeof path, "/proc/%d/stat", (int)pid);
	while (state != 'S') {
		if ((stat = fopen(path, "r")) == NULL || fscanf(stat, "%*d (%*[^)]) %c", &state) != 1)
			err_sys("%s", path);
		fclose(stat);
		if (state == 'Z')
			err_quit("the writer has ended");
		usleep(1000);
	}
	if (ioctl(fds[0], FIONREAD, &queued) == -1)
		err_sys("ioctl");
	printf("parent: pid %d is blocked in write(), %d bytes in the pipe\r\n", (int)pid, queued);
	close(fds[0]);
	if (wait(&status) == -1)
		err_sys("wait");
	printf("parent: pid %d was killed by signal %d\r\n", (int)pid, WTERMSIG(status));
	return 0;
}
