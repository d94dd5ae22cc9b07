/*
 * racy.c - two processes add to one shared counter, and updates are lost.
 *
 * usage: racy [TIMES]
 *
 * Parent and child both load the counter, add 1 and store it, TIMES times (20 unless told otherwise).
 * Between its load and its store each lets the other run, as the kernel may at any moment: what it
 * stores then is out of date. Compare with locked.c, which puts a semaphore around the three steps.
 */
#define _DEFAULT_SOURCE /* MAP_ANONYMOUS: in POSIX only since 2024 */
#include <sched.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "err_sys.h"

struct shared {
	atomic_int counter;	      /* a load is atomic, and so is a store: the two together are not */
	atomic_int begun[2], done[2]; /* the rounds of the parent (0) and of the child (1) */
};
static struct shared *shared;

/* SIGCHLD: a child that died early ends no round, and would be waited for in vain. */
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
		int seen = atomic_load(&shared->counter);
		if (n == 1)
			printf("%s: loaded %d, stores %d\n", role, seen, seen + 1);
		hand_over(&shared->begun[!me], n);
		atomic_store(&shared->counter, seen + 1);
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
		err_quit("usage: racy [TIMES]   (2 to 100000)");
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
