/* The counter is an ordinary variable: fork() copies it, each process counts for itself, and half of it seems to be lost. */
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include "err_sys.h"

static volatile int counter;

int main(int argc, char *argv[])
{
	int times = argc > 1 ? atoi(argv[1]) : 20;
	pid_t pid = fork();

	if (pid == -1)
		err_sys("fork");
	for (int i = 0; i < times; i++)
		counter++;
	if (pid == 0)
		return 0;
	wait(NULL);
	printf("parent: counter is %d, expected %d: %d updates lost\n", counter, 2 * times, 2 * times - counter);
	return 0;
}
