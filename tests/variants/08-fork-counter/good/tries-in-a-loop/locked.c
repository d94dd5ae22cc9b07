/* Unusual and right: sem_trywait() again and again, with a look at the other process in between; a file is the memory. */
#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <semaphore.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include "err_sys.h"
#include "px_ipc_name.h"

static pid_t parent, child;

static void take(sem_t *sem)
{
	int status;

	while (sem_trywait(sem) == -1) {
		if (errno != EAGAIN)
			err_sys("sem_trywait");
		if (child == 0 && getppid() != parent)
			_exit(1);
		if (child > 0 && waitpid(child, &status, WNOHANG) == child) {
			child = -1;
			if (status != 0)
				err_quit("the child has died");
		}
		sched_yield();
	}
}

int main(int argc, char *argv[])
{
	long times = argc > 1 ? strtol(argv[1], NULL, 10) : 20, *counter, n;
	char path[] = "/tmp/counterXXXXXX", *name = px_ipc_name("counter");
	int fd = mkstemp(path);
	sem_t *sem;

	if (fd == -1)
		err_sys("mkstemp");
	unlink(path);
	if (ftruncate(fd, sizeof *counter) == -1)
		err_sys("ftruncate");
	counter = mmap(NULL, sizeof *counter, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
	if (counter == MAP_FAILED)
		err_sys("mmap");
	do {
		sem_unlink(name);
		sem = sem_open(name, O_CREAT | O_EXCL, 0600, 1);
	} while (sem == SEM_FAILED && errno == EEXIST);
	if (sem == SEM_FAILED)
		err_sys("sem_open");
	sem_unlink(name);
	parent = getpid();
	if ((child = fork()) == -1)
		err_sys("fork");
	for (n = 0; n < times; n++) {
		take(sem);
		++*counter;
		sem_post(sem);
	}
	if (child == 0)
		_exit(0);
	if (child > 0 && waitpid(child, NULL, 0) == -1)
		err_sys("waitpid");
	n = *counter;
	printf("parent: counter is %ld, expected %ld: %ld updates lost\n", n, 2 * times, 2 * times - n);
	return 0;
}
