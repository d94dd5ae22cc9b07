/* Unusual and right: the parent reads, the child looks at it and writes, and tells its lines in other words. */
#define _GNU_SOURCE
#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "err_sys.h"

static void look_and_write(int fd, pid_t reader, const char *message)
{
	char path[64], text[256];
	ssize_t n;
	int stat;

	prctl(PR_SET_PDEATHSIG, SIGKILL);
	snprintf(path, sizeof path, "/proc/%d/syscall", (int)reader);
	do {
		sched_yield();
		if (getppid() != reader || (stat = open(path, O_RDONLY)) == -1 || (n = read(stat, text, sizeof text - 1)) == -1)
			err_quit("the reader has ended");
		text[n] = '\0';
		close(stat);
	} while (strncmp(text, "0 0x32 ", 7) != 0);
	printf("child: now pid %d is blocked in read(), and there are 0 bytes in the pipe\n", (int)reader);
	if (write(fd, message, strlen(message)) == -1)
		err_sys("write");
	exit(0);
}

int main(int argc, char *argv[])
{
	const char *message = argc > 1 ? argv[1] : "hello";
	int fds[2], status;
	char buf[77];
	ssize_t n;

	setvbuf(stdout, NULL, _IONBF, 0);
	if (pipe(fds) == -1)
		err_sys("pipe");
	if (dup2(fds[0], 50) == -1)
		err_sys("dup2");
	switch (fork()) {
	case -1:
		err_sys("fork");
	case 0:
		look_and_write(fds[1], getppid(), message);
	}
	close(fds[1]);
	while ((n = read(50, buf, sizeof buf)) > 0)
		printf("parent, the reader: read %zd: \"%.*s\" (at most 77 a time)\n", n, (int)n, buf);
	if (n == -1)
		err_sys("read");
	if (wait(&status) == -1)
		err_sys("wait");
	return status != 0;
}
