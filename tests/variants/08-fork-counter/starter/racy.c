/*
 * racy.c - two processes add to one shared counter, and updates are lost.
 *
 * usage: racy [TIMES]
 */
#define _DEFAULT_SOURCE
#include <sched.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include "err_sys.h"

int main(int argc, char *argv[])
{
	long times = argc > 1 ? strtol(argv[1], NULL, 10) : 20;
	int counter = 0;

	setvbuf(stdout, NULL, _IOLBF, 0);
	/* 1. The counter must be in memory that parent and child share: mmap(). Then make the child. */

	/* 2. Both load the counter, add 1, and store it, TIMES times. That updates are lost in every run must not be
	 *    left to chance: who has loaded lets the other one load, too, before it stores. How does it know that the
	 *    other one has? And what if the other one has died? */

	/* 3. The parent waits for the child, and prints: */
	printf("parent: counter is %d, expected %ld: %ld updates lost\n", counter, 2 * times, 2 * times - counter);
	return 0;
}
