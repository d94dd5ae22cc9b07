/* Unusual and right: the writer is a thread; main() looks at /proc/self/task, and closes the read end. */
#define _GNU_SOURCE
#include <errno.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "err_sys.h"

static int fds[2];
static size_t chunk = 1;
static volatile long tid;

static void *writer(void *bytes)
{
	tid = syscall(SYS_gettid);
	while (write(fds[1], bytes, chunk) > 0)
		;
	return NULL;
}

/* Asleep in write() on this descriptor? */
static int asleep(void)
{
	char path[64], text[128] = "";
	long nr = -1, fd = -1;
	FILE *in;

	snprintf(path, sizeof path, "/proc/self/task/%ld/syscall", tid);
	if ((in = fopen(path, "r")) == NULL)
		err_sys("%s", path);
	if (fgets(text, sizeof text, in) != NULL)
		sscanf(text, "%ld %lx", &nr, (unsigned long *)&fd);
	fclose(in);
	return nr == SYS_write && fd == fds[1];
}

int main(int argc, char *argv[])
{
	char *end = "", *bytes;
	pthread_t thread;
	int held, error;

	if (argc > 1)
		chunk = strtoul(argv[1], &end, 10);
	if (*end != '\0' || chunk < 1 || (argc > 1 && *argv[1] == '-'))
		err_quit("usage: count_blocking [CHUNK]");
	signal(SIGPIPE, SIG_IGN);
	if ((bytes = malloc(chunk)) == NULL || pipe(fds) == -1)
		err_sys("pipe");
	memset(bytes, 'x', chunk);
	if ((error = pthread_create(&thread, NULL, writer, bytes)) != 0)
		err_quit("pthread_create: %s", strerror(error));
	while (tid == 0 || !asleep())
		sched_yield();
	if (ioctl(fds[1], FIONREAD, &held) == -1)
		err_sys("ioctl");
	printf("two threads, and the pipe between them holds %d bytes\n", held);
	close(fds[0]);
	pthread_join(thread, NULL);
	free(bytes);
	return 0;
}
