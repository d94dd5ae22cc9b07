/*
 * locked.c - two processes add to one shared counter, one at a time: no update is lost.
 *
 * usage: locked [TIMES]
 */
#define _DEFAULT_SOURCE
#include <fcntl.h>
#include <semaphore.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include "err_sys.h"
#include "px_ipc_name.h"

int main(int argc, char *argv[])
{
	long times = argc > 1 ? strtol(argv[1], NULL, 10) : 20;
	int counter = 0;

	setvbuf(stdout, NULL, _IOLBF, 0);
	/* 1. A semaphore with the value 1, px_ipc_name("counter"). What if one is there already, with the value 0? */

	/* 2. As in racy.c, but load, add and store are between sem_wait() and sem_post(). */

	/* 3. The parent waits for the child, and prints: */
	printf("parent: counter is %d, expected %ld: %ld updates lost\n", counter, 2 * times, 2 * times - counter);
	return 0;
}
