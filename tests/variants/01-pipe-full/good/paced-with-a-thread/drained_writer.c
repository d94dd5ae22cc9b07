/* Unusual and right: a thread of the parent looks, all are paced with sleeps that order nothing, SIGCHLD is ignored. */
#define _GNU_SOURCE
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "err_sys.h"

static char bytes[1048576];
static int fds[2], full;
static pid_t pid;

/* Like write_on, but for another: until it is blocked in write(). */
static void *look(void *blocked)
{
	char path[64], text[128];
	int fd, looks = 0;
	ssize_t n;

	snprintf(path, sizeof path, "/proc/%d/syscall", (int)pid);
	do {
		if (looks++ > 0)
			usleep(2000);
		if ((fd = open(path, O_RDONLY)) == -1 || (n = read(fd, text, sizeof text - 1)) <= 0)
			err_quit("the writer has ended");
		close(fd);
	} while (strncmp(text, "1 0x", 4) != 0);
	return blocked;
}

static void wait_until_blocked(void)
{
	pthread_t thread;

	if (pthread_create(&thread, NULL, look, NULL) != 0)
		err_quit("pthread_create");
	pthread_join(thread, NULL);
	if (ioctl(fds[0], FIONREAD, &full) == -1)
		err_sys("ioctl");
}

int main(int argc, char *argv[])
{
	size_t chunk = argc > 1 ? strtoul(argv[1], NULL, 10) : 4096, total = 60 * chunk > 300000 ? 60 * chunk : 300000, done;
	ssize_t n, got = 1;
	int before;

	setvbuf(stdout, NULL, _IOLBF, 0);
	signal(SIGCHLD, SIG_IGN);
	if (pipe(fds) == -1)
		err_sys("pipe");
	if ((pid = fork()) == -1)
		err_sys("fork");
	if (pid == 0) {
		close(fds[0]);
		sleep(1);
		for (done = 0; done < total; done += (size_t)n)
			if ((n = write(fds[1], bytes, total - done < chunk ? total - done : chunk)) == -1)
				err_sys("write");
		printf("writer: wrote all %zu bytes\n", total);
		exit(0);
	}
	close(fds[1]);
	wait_until_blocked();
	printf("parent: pid %d is blocked in write(), %d bytes in the pipe\n", (int)pid, full);
	sleep(1);
	if (read(fds[0], bytes, 1) != 1)
		err_sys("read");
	before = full - 1;
	wait_until_blocked();
	if (full == before)
		printf("parent: read 1 byte: pid %d is still blocked in write()\n", (int)pid);
	while (full == before) {
		if ((n = read(fds[0], bytes, 500)) == -1)
			err_sys("read");
		got += n;
		before -= (int)n;
		wait_until_blocked();
	}
	printf("parent: read %zd bytes: pid %d went on\n", got, (int)pid);
	for (; (n = read(fds[0], bytes, 3000)) > 0; got += n)
		usleep(100);
	if (n == -1)
		err_sys("read");
	printf("parent: read all %zd bytes\n", got);
	return got != (ssize_t)total; /* the writer has told why */
}
