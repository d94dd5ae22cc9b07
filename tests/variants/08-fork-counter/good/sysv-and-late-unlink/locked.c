/* Unusual and right: a counter in System V shared memory, each process opens the semaphore by its name, which goes at the end. */
#define _GNU_SOURCE
#include <fcntl.h>
#include <semaphore.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/shm.h>
#include <sys/wait.h>
#include <unistd.h>

#include "err_sys.h"
#include "px_ipc_name.h"

static char *name;

static void child_ended(int sig)
{
	int status;

	(void)sig;
	if (waitpid(-1, &status, WNOHANG) > 0 && status != 0) {
		sem_unlink(name);
		_exit(1);
	}
}

static void count(int id, long times)
{
	sem_t *sem = sem_open(name, 0);
	volatile unsigned *counter = shmat(id, NULL, 0);

	if (sem == SEM_FAILED || counter == (void *)-1) {
		sem_unlink(name);
		err_sys("sem_open or shmat");
	}
	while (times-- > 0) {
		while (sem_wait(sem) == -1)
			;
		*counter = *counter + 1;
		sem_post(sem);
	}
	sem_close(sem);
}

int main(int argc, char *argv[])
{
	long times = argc > 1 ? atol(argv[1]) : 20;
	volatile unsigned *counter;
	sem_t *sem;
	pid_t parent = getpid(), child;
	int id;

	name = px_ipc_name("counter");
	if ((id = shmget(IPC_PRIVATE, sizeof *counter, 0600)) == -1)
		err_sys("shmget");
	counter = shmat(id, NULL, 0);
	shmctl(id, IPC_RMID, NULL);
	if (counter == (void *)-1)
		err_sys("shmat");
	sem_unlink(name);
	if ((sem = sem_open(name, O_CREAT, 0600, 1)) == SEM_FAILED)
		err_sys("sem_open");
	sem_close(sem);
	signal(SIGCHLD, child_ended);
	if ((child = fork()) == -1) {
		sem_unlink(name);
		err_sys("fork");
	}
	if (child == 0) {
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		if (getppid() == parent)
			count(id, times);
		return 0;
	}
	count(id, times);
	while (kill(child, 0) == 0)
		waitpid(child, NULL, 0);
	sem_unlink(name);
	printf("\ncounter is %u, expected %ld: %ld updates lost\r\n", *counter, 2 * times, 2 * times - (long)*counter);
	return 0;
}
