/*
 * locked.c - two processes add to one shared counter, one at a time: no update is lost.
 *
 * usage: locked [TIMES]
 *
 * As racy.c, with a semaphore of value 1 around load, add and store. The process inside lets the other
 * one run as before, but that one now sleeps in sem_wait() until sem_post() lets it in.
 */
#define _DEFAULT_SOURCE /* MAP_ANONYMOUS: in POSIX only since 2024 */
#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <semaphore.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "err_sys.h"
#include "px_ipc_name.h"

struct shared {
	atomic_int counter;	      /* a load is atomic, and so is a store: the two together are not */
	atomic_int begun[2], done[2]; /* the rounds of the parent (0) and of the child (1) */
};
static struct shared *shared;
static sem_t *sem; /* opened before fork(): the child has it too */

/* A new semaphore. Its name goes at once: nobody else needs it, and so nobody can leave it behind. */
static void open_semaphore(void)
{
	char *name = px_ipc_name("counter");
	sigset_t all, before;

	if (name == NULL)
		err_sys("px_ipc_name");
	sigfillset(&all);
	sigprocmask(SIG_BLOCK, &all, &before); /* no Ctrl-C just now */
	while ((sem = sem_open(name, O_CREAT | O_EXCL, 0600, 1)) == SEM_FAILED)
		if (errno != EEXIST || (sem_unlink(name) == -1 && errno != ENOENT)) /* a killed run left it */
			err_sys("sem_open %s", name);
	if (sem_unlink(name) == -1 && errno != ENOENT)
		err_sys("sem_unlink %s", name);
	sigprocmask(SIG_SETMASK, &before, NULL);
	free(name);
}

/* SIGCHLD: a child that died early ends no round, and may have taken the semaphore with it. */
static void child_ended(int sig, siginfo_t *info, void *context)
{
	(void)sig, (void)context;
	if (info->si_status != 0 && write(STDERR_FILENO, "the child died early\n", 21) != 0)
		_exit(1);
}

/* Let the other process run, as the kernel may at any moment, until it has come to round N as well. */
static void hand_over(const atomic_int *round, int n)
{
	while (*round < n)
		sched_yield();
}

static void add(const char *role, int me, long times)
{
	for (int n = 1; n <= times; n++) {
		shared->begun[me] = n;
		if (sem_wait(sem) == -1)
			err_sys("sem_wait");
		int seen = atomic_load(&shared->counter);
		if (n == 1)
			printf("%s: loaded %d, stores %d\n", role, seen, seen + 1);
		hand_over(&shared->begun[!me], n);
		atomic_store(&shared->counter, seen + 1);
		if (sem_post(sem) == -1)
			err_sys("sem_post");
		shared->done[me] = n;
		hand_over(&shared->done[!me], n); /* nobody starts the next round alone */
	}
}

int main(int argc, char *argv[])
{
	struct sigaction on_end = { .sa_flags = SA_SIGINFO | SA_NOCLDSTOP | SA_RESTART };
	char *end = "";
	long times = argc > 1 ? strtol(argv[1], &end, 10) : 20;
	pid_t parent = getpid();

	setvbuf(stdout, NULL, _IOLBF, 0);
	if (argc > 2 || *end != '\0' || times < 2 || times > 100000)
		err_quit("usage: locked [TIMES]   (2 to 100000)");
	open_semaphore();
	shared = mmap(NULL, sizeof *shared, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (shared == MAP_FAILED)
		err_sys("mmap");
	on_end.sa_sigaction = child_ended;
	if (sigaction(SIGCHLD, &on_end, NULL) == -1)
		err_sys("sigaction");

	switch (fork()) {
	case -1:
		err_sys("fork");
	case 0:
		if (prctl(PR_SET_PDEATHSIG, SIGKILL) == -1 || getppid() != parent)
			return 1; /* nor may the child wait for a dead parent */
		add("child", 1, times);
		return 0;
	}
	add("parent", 0, times);
	if (wait(NULL) == -1)
		err_sys("wait");
	printf("parent: counter is %d, expected %ld: %ld updates lost\n", shared->counter, 2 * times,
	       2 * times - shared->counter);
	return 0;
}
