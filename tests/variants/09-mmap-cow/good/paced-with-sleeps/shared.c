/* Unusual and right: slow, for human eyes; told by a semaphore, buffers all output. */
#include <fcntl.h>
#include <semaphore.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include "err_sys.h"

static void look(const char *role, const char *map, int fd)
{
	char text[4096] = "";

	sleep(1);
	if (lseek(fd, 4096, SEEK_SET) == -1 || read(fd, text, sizeof text) == -1)
		err_sys("read");
	text[200] = '\0';
	printf("\n* %s: sees \"%s\" in its mapping, \"%s\" in the file\n", role, map + 4096, text);
	fflush(stdout);
}

int main(int argc, char *argv[])
{
	char path[] = "/tmp/pagesXXXXXX", *map;
	int fd = mkstemp(path), high, status;
	sem_t *written;

	signal(SIGCHLD, SIG_DFL);
	if (fd == -1)
		err_sys("mkstemp");
	if (unlink(path) == -1 || (high = fcntl(fd, F_DUPFD, 200)) == -1)
		err_sys("a call");
	close(fd);
	if (ftruncate(high, 5 * 4096) == -1)
		err_sys("ftruncate");
	if (pwrite(high, "old", 3, 4096) == -1)
		err_sys("pwrite");
	map = mmap(NULL, 5 * 4096, PROT_READ | PROT_WRITE, MAP_SHARED, high, 0);
	written = mmap(NULL, sizeof *written, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (map == MAP_FAILED || written == MAP_FAILED || sem_init(written, 1, 0) == -1)
		err_sys("mmap");
	switch (fork()) {
	case -1:
		err_sys("fork");
	case 0:
		sleep(2);
		strcpy(map + 4096, argc > 1 ? argv[1] : "new");
		look("child", map, high);
		sem_post(written);
		return 0;
	}
	while (sem_trywait(written) == -1) {
		if (waitpid(-1, &status, WNOHANG) > 0 && status != 0)
			err_quit("the child has failed");
		usleep(100000);
	}
	look("parent", map, high);
	while (wait(NULL) > 0)
		;
	return 0;
}
