/* Unusual and right: the bytes come into the pipe by splice(), from a file in memory. */
#define _GNU_SOURCE
#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include "err_sys.h"

int main(int argc, char *argv[])
{
	size_t chunk = argc > 1 ? strtoul(argv[1], NULL, 10) : 4096;
	char path[64], text[128] = "";
	int fds[2], file, queued, status;
	off_t at = 0;
	pid_t pid;

	setvbuf(stdout, NULL, _IONBF, 0);
	if (pipe(fds) == -1)
		err_sys("pipe");
	if ((file = memfd_create("bytes", 0)) == -1 || ftruncate(file, 4000000) == -1)
		err_sys("memfd_create");
	if ((pid = fork()) == -1)
		err_sys("fork");
	if (pid == 0) {
		close(fds[0]);
		while (splice(file, &at, fds[1], NULL, chunk, 0) > 0)
			;
		err_sys("splice");
	}
	close(fds[1]);
	snprintf(path, sizeof path, "/proc/%d/syscall", (int)pid);
	for (; strncmp(text, "275 ", 4) != 0; sched_yield()) {
		if (waitpid(pid, &status, WNOHANG) != 0)
			err_quit("the writer has ended");
		if ((file = open(path, O_RDONLY)) == -1 || read(file, text, sizeof text - 1) == -1)
			err_sys("%s", path);
		close(file);
	}
	if (ioctl(fds[0], FIONREAD, &queued) == -1)
		err_sys("ioctl");
	printf("parent: pid %d is blocked in write() now, %d bytes in the pipe\n", (int)pid, queued);
	kill(pid, SIGUSR1);
	if (waitpid(pid, &status, 0) == -1)
		err_sys("waitpid");
	printf("parent: pid %d was killed by signal %d\n", (int)pid, WTERMSIG(status));
	return 0;
}
