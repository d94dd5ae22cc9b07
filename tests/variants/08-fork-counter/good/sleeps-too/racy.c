/* Unusual and right: two unnamed semaphores let the other one come to the same point; the sleeps only slow it down. */
#define _GNU_SOURCE
#include <errno.h>
#include <semaphore.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "err_sys.h"

static struct shared {
	sem_t loaded[2], stored[2];
	volatile int counter;
} *shared;

static void child_ended(int sig)
{
	int status;

	(void)sig;
	if (waitpid(-1, &status, WNOHANG) > 0 && status != 0)
		_exit(1);
}

static void meet(sem_t two[2], int me)
{
	if (sem_post(&two[me]) == -1)
		err_sys("sem_post");
	while (sem_wait(&two[!me]) == -1)
		if (errno != EINTR)
			err_sys("sem_wait");
}

int main(int argc, char *argv[])
{
	int times = argc > 1 ? atoi(argv[1]) : 20, me, n, seen;
	pid_t parent = getpid(), child;

	setvbuf(stdout, NULL, _IONBF, 0);
	shared = mmap(NULL, sizeof *shared, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (shared == MAP_FAILED)
		err_sys("mmap");
	for (n = 0; n < 4; n++)
		if (sem_init(n < 2 ? &shared->loaded[n] : &shared->stored[n - 2], 1, 0) == -1)
			err_sys("sem_init");
	signal(SIGCHLD, child_ended);
	if ((child = fork()) == -1)
		err_sys("fork");
	me = child == 0;
	if (me == 1 && (prctl(PR_SET_PDEATHSIG, SIGKILL) == -1 || getppid() != parent))
		return 1;
	for (n = 0; n < times; n++) {
		seen = shared->counter;
		usleep(10);
		meet(shared->loaded, me);
		shared->counter = seen + 1;
		meet(shared->stored, me);
	}
	if (me == 1)
		_exit(0);
	while (wait(NULL) > 0 || errno == EINTR)
		;
	printf("parent: counter is %d, expected %d: %d updates lost\n", shared->counter, 2 * times,
	       2 * times - shared->counter);
	return 0;
}
