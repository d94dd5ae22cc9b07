/* Unusual and right: writev() and readv(), steps of 700 bytes after the first one, a writer without end of its own. */
#define _GNU_SOURCE
#include <fcntl.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/uio.h>
#include <sys/wait.h>
#include <unistd.h>

#include "err_sys.h"

static char bytes[1048576];

static int is_blocked(pid_t pid, int fd) /* waits until it is: how many bytes are in the pipe? */
{
	char path[64], state = '?';
	int queued;
	FILE *stat;

	snprintf(path, sizeof path, "/proc/%d/stat", (int)pid);
	do {
		if ((stat = fopen(path, "r")) == NULL || fscanf(stat, "%*d (%*[^)]) %c", &state) != 1)
			err_sys("%s", path);
		fclose(stat);
		if (state == 'Z')
			err_quit("the writer has ended");
	} while (state != 'S');
	if (ioctl(fd, FIONREAD, &queued) == -1)
		err_sys("ioctl");
	return queued;
}

static void writer(int fd, size_t chunk)
{
	size_t total = 500000, left, part;

	for (left = total; left > 0; left -= part) {
		part = left < chunk ? left : chunk;
		struct iovec halves[2] = { { bytes, part / 2 }, { bytes, part - part / 2 } };
		if (writev(fd, halves, 2) != (ssize_t)part)
			err_sys("writev");
	}
	printf("writer: wrote all %zu bytes\n", total);
	exit(0);
}

int main(int argc, char *argv[])
{
	struct iovec to = { bytes, 1 };
	int fds[2], full, left, status;
	ssize_t n, total = 0;
	pid_t pid;

	setvbuf(stdout, NULL, _IOLBF, 0);
	if (pipe(fds) == -1)
		err_sys("pipe");
	if ((pid = fork()) == -1)
		err_sys("fork");
	if (pid == 0) {
		close(fds[0]);
		writer(fds[1], argc > 1 ? strtoul(argv[1], NULL, 10) : 4096);
	}
	close(fds[1]);
	full = is_blocked(pid, fds[0]);
	printf("parent: pid %d is blocked in write(), %d bytes in the pipe\n", (int)pid, full);
	do {
		if ((n = readv(fds[0], &to, 1)) == -1)
			err_sys("readv");
		total += n;
		left = is_blocked(pid, fds[0]);
		if (total == 1 && left == full - 1)
			printf("parent: read 1 byte: pid %d is still blocked in write()\n", (int)pid);
		to.iov_len = 700;
	} while (left == full - total);
	printf("parent: read %zd bytes: pid %d went on\n", total, (int)pid);
	to.iov_len = sizeof bytes;
	while ((n = readv(fds[0], &to, 1)) > 0)
		total += n;
	if (n == -1)
		err_sys("readv");
	wait(&status);
	printf("parent: read all %zd bytes\n", total);
	return status != 0;
}
