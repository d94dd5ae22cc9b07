/* Unusual and right: semaphores in shared memory hold both back, and sleeps pace them that order nothing. */
#define _GNU_SOURCE
#include <semaphore.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include "err_sys.h"

static sem_t *turn;

static void write_slowly(int fd, const char *message)
{
	sleep(1);
	if (write(fd, message, strlen(message)) == -1) {
		perror("write");
		sem_post(&turn[1]);
		_exit(1);
	}
}

static void reader(int fd)
{
	char buf[1000];
	ssize_t n;

	while ((n = read(fd, buf, sizeof buf)) > 0) {
		usleep(100000);
		printf("reader: asked for 1000 bytes, read %zd: \"%.*s\"\n", n, (int)n, buf);
		sem_post(&turn[0]);
		sem_wait(&turn[1]);
	}
	if (n == -1) {
		perror("read");
		sem_post(&turn[0]);
		exit(1);
	}
	exit(0);
}

int main(int argc, char *argv[])
{
	const char *message = argc > 1 ? argv[1] : "hello";
	int fds[2], status;
	pid_t pid;

	turn = mmap(NULL, 2 * sizeof *turn, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (turn == MAP_FAILED || sem_init(&turn[0], 1, 0) == -1 || sem_init(&turn[1], 1, 0) == -1)
		err_sys("mmap");
	if (pipe(fds) == -1)
		err_sys("pipe");
	if ((pid = fork()) == -1)
		err_sys("fork");
	if (pid == 0) {
		close(fds[1]);
		reader(fds[0]);
	}
	close(fds[0]);
	write_slowly(fds[1], message);
	sem_wait(&turn[0]);
	write_slowly(fds[1], message);
	write_slowly(fds[1], message);
	close(fds[1]);
	sem_post(&turn[1]);
	sem_post(&turn[1]);
	if (waitpid(pid, &status, 0) == -1)
		err_sys("waitpid");
	return status != 0;
}
