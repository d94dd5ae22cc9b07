/*
 * fork_counter_sem - somebody else who uses the semaphore of lab 8.
 *
 * usage: fork_counter_sem NAME VALUE    make it, with this value, and leave it behind
 *        fork_counter_sem NAME take     take it, say so, and give it back at SIGUSR1
 */
#include <fcntl.h>
#include <semaphore.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int main(int argc, char *argv[])
{
	sigset_t set;
	sem_t *sem;
	int sig;

	if (argc != 3)
		return 2;
	if (strcmp(argv[2], "take") != 0) {
		sem_unlink(argv[1]);
		return sem_open(argv[1], O_CREAT | O_EXCL, 0600, (unsigned)atoi(argv[2])) == SEM_FAILED;
	}
	sigemptyset(&set);
	sigaddset(&set, SIGUSR1);
	sigprocmask(SIG_BLOCK, &set, NULL);
	if ((sem = sem_open(argv[1], 0)) == SEM_FAILED)
		return 1;
	puts(sem_trywait(sem) == 0 ? "taken" : "not free");
	fflush(stdout);
	sigwait(&set, &sig);
	return sem_post(sem) == -1;
}
