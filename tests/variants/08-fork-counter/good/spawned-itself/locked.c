/* Unusual and right: the child is this program again; it finds memory and semaphore by their names. */
#define _GNU_SOURCE
#include <fcntl.h>
#include <semaphore.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "err_sys.h"
#include "px_ipc_name.h"

extern char **environ;
static char *name, *memory;

static void give_up(const char *what)
{
	sem_unlink(name);
	shm_unlink(memory);
	err_sys("%s", what);
}

static void child_ended(int sig, siginfo_t *info, void *context)
{
	(void)sig, (void)context;
	if (info->si_status != 0) {
		sem_unlink(name);
		shm_unlink(memory);
		_exit(1);
	}
}

static volatile int *map_it(int flags)
{
	int fd = shm_open(memory, O_RDWR | flags, 0600);
	volatile int *counter;

	if (fd == -1)
		give_up("shm_open");
	if (flags != 0 && ftruncate(fd, sizeof *counter) == -1)
		give_up("ftruncate");
	counter = mmap(NULL, sizeof *counter, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
	if (counter == MAP_FAILED)
		give_up("mmap");
	return counter;
}

static void add(volatile int *counter, sem_t *sem, long times)
{
	for (long n = 0; n < times; n++) {
		if (sem_wait(sem) == -1)
			give_up("sem_wait");
		(*counter)++;
		if (sem_post(sem) == -1)
			give_up("sem_post");
	}
}

int main(int argc, char *argv[])
{
	char *default_times = "20", *again[] = { argv[0], argc > 1 ? argv[1] : default_times, "child", NULL };
	struct sigaction on_end = { .sa_flags = SA_SIGINFO | SA_RESTART };
	long times = atol(again[1]);
	volatile int *counter;
	sem_t *sem;
	pid_t pid;

	name = px_ipc_name("counter");
	memory = px_ipc_name("memory");
	if (argc == 3) {
		if (prctl(PR_SET_PDEATHSIG, SIGTERM) == -1 || (sem = sem_open(name, 0)) == SEM_FAILED)
			err_sys("the child");
		add(map_it(0), sem, times);
		return 0;
	}
	sem_unlink(name);
	shm_unlink(memory);
	if ((sem = sem_open(name, O_CREAT | O_EXCL, 0600, 1)) == SEM_FAILED)
		give_up("sem_open");
	counter = map_it(O_CREAT);
	on_end.sa_sigaction = child_ended;
	sigaction(SIGCHLD, &on_end, NULL);
	if (posix_spawn(&pid, argv[0], NULL, NULL, again, environ) != 0)
		give_up("posix_spawn");
	add(counter, sem, times);
	if (waitpid(pid, NULL, 0) == -1)
		give_up("waitpid");
	sem_unlink(name);
	shm_unlink(memory);
	printf("parent: counter is %d, expected %ld: %ld updates lost\n", *counter, 2 * times, 2 * times - *counter);
	return 0;
}
