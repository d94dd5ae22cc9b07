/*
 * count_blocking.c - how much a pipe takes: write to it until write() blocks, then ask it.
 *
 * usage: count_blocking [CHUNK]
 *
 * The child writes CHUNK bytes (default 1) at a time, and nobody reads. The parent sees in /proc (Linux)
 * when the child sleeps, and asks the pipe what it holds. Compare with count_nonblocking.c.
 */
#include <errno.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "err_sys.h"

static long number(const char *text)
{
	char *end;
	long n;

	errno = 0;
	n = strtol(text, &end, 10);
	return *end == '\0' && errno == 0 ? n : 0;
}

/* Before its end the writer prints nothing: write() on the pipe is the only call in which it can sleep. */
static void write_until_no_reader(int fd, const char *bytes, long chunk)
{
	while (write(fd, bytes, (size_t)chunk) != -1)
		;
	if (errno != EPIPE)
		err_sys("write");
	printf("writer: write: %s (EPIPE), exits\n", strerror(errno));
}

/* R: runs, S: sleeps until something happens, Z: has ended, ...: proc(5), /proc/PID/stat */
static char state_of(pid_t pid)
{
	char path[64], state = '?';
	FILE *file;

	snprintf(path, sizeof path, "/proc/%ld/stat", (long)pid);
	file = fopen(path, "r");
	if (file == NULL || fscanf(file, "%*d (%*[^)]) %c", &state) != 1)
		err_sys("%s", path);
	fclose(file);
	return state;
}

static void wait_until_asleep(pid_t writer)
{
	char state;

	while ((state = state_of(writer)) != 'S' && state != 'Z')
		sched_yield();
	if (state == 'Z') {
		waitpid(writer, NULL, 0);
		fprintf(stderr, "writer: ended before the pipe was full\n");
		exit(1);
	}
}

int main(int argc, char *argv[])
{
	long chunk = argc > 1 ? number(argv[1]) : 1;
	char *bytes, self[32] = "";
	int fds[2], held;
	pid_t writer;

	setvbuf(stdout, NULL, _IOLBF, 0);
	if (argc > 2 || chunk < 1)
		err_quit("usage: count_blocking [CHUNK]");
	if (readlink("/proc/self", self, sizeof self - 1) == -1 || number(self) != getpid()) {
		printf("count_blocking needs /proc/PID/stat, and /proc does not show this process\n");
		return 77;
	}
	/* EPIPE ends the writer, not SIGPIPE; and with SIGCHLD ignored its end would leave no trace. */
	if (signal(SIGPIPE, SIG_IGN) == SIG_ERR || signal(SIGCHLD, SIG_DFL) == SIG_ERR)
		err_sys("signal");
	if ((bytes = calloc((size_t)chunk, 1)) == NULL)
		err_sys("calloc");
	if (pipe(fds) == -1)
		err_sys("pipe");
	printf("parent: starts a writer of %ld-byte chunks, and does not read\n", chunk);

	switch (writer = fork()) {
	case -1:
		err_sys("fork");
	case 0:
		close(fds[0]); /* or it would wait for itself to read, for ever */
		write_until_no_reader(fds[1], bytes, chunk);
		free(bytes);
		return 0;
	}
	free(bytes);
	close(fds[1]);
	wait_until_asleep(writer);
	if (ioctl(fds[0], FIONREAD, &held) == -1)
		err_sys("ioctl FIONREAD");
	printf("parent: writer sleeps in write(), the pipe holds %d bytes = %ld x %ld + %ld\n", held,
	       held / chunk, chunk, held % chunk);
	printf("parent: closes the read end, which ends the writer\n");
	close(fds[0]);
	if (waitpid(writer, NULL, 0) == -1)
		err_sys("waitpid");
	return 0;
}
