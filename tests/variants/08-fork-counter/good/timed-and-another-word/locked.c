/* Unusual and right: sem_timedwait() in a loop; other counters in the same memory; the child prints, too. */
#include <errno.h>
#include <fcntl.h>
#include <semaphore.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "err_sys.h"
#include "px_ipc_name.h"

struct page {
	long added[2];
	int counter;
};

static void take(sem_t *sem, pid_t parent, pid_t child)
{
	struct timespec until;
	siginfo_t info = { .si_pid = 0 };

	for (;;) {
		clock_gettime(CLOCK_REALTIME, &until);
		until.tv_nsec += 50000000;
		until.tv_sec += until.tv_nsec / 1000000000;
		until.tv_nsec %= 1000000000;
		if (sem_timedwait(sem, &until) == 0)
			return;
		if (errno != ETIMEDOUT && errno != EINTR)
			err_sys("sem_timedwait");
		if (child == 0 && getppid() != parent)
			_exit(1);
		if (child != 0 && waitid(P_PID, (id_t)child, &info, WEXITED | WNOHANG | WNOWAIT) == 0 &&
		    info.si_pid == child && info.si_status != 0)
			err_quit("the child has died");
	}
}

int main(int argc, char *argv[])
{
	int times = argc > 1 ? atoi(argv[1]) : 20, n, fd;
	char *name = px_ipc_name("counter"), *memory = px_ipc_name("memory");
	pid_t parent = getpid(), child;
	struct page *page;
	sem_t *sem;

	shm_unlink(memory);
	if ((fd = shm_open(memory, O_RDWR | O_CREAT | O_EXCL, 0600)) == -1)
		err_sys("shm_open");
	shm_unlink(memory);
	if (ftruncate(fd, 4096) == -1)
		err_sys("ftruncate");
	if ((page = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0)) == MAP_FAILED)
		err_sys("mmap");
	sem_unlink(name);
	if ((sem = sem_open(name, O_CREAT | O_EXCL, 0600, 1)) == SEM_FAILED)
		err_sys("sem_open");
	sem_unlink(name);
	if ((child = fork()) == -1)
		err_sys("fork");
	for (n = 0; n < times; n++) {
		int seen;

		take(sem, parent, child);
		seen = page->counter;
		page->added[child == 0]++;
		page->counter = seen + 1;
		if (sem_post(sem) == -1)
			err_sys("sem_post");
	}
	if (child == 0) {
		printf("child: has added %ld\n", page->added[1]);
		fflush(stdout);
		_exit(0);
	}
	if (wait(NULL) == -1)
		err_sys("wait");
	printf("parent: counter is %d, expected %d: %d updates lost (%ld and %ld were added)\n", page->counter, 2 * times,
	       2 * times - page->counter, page->added[0], page->added[1]);
	return 0;
}
