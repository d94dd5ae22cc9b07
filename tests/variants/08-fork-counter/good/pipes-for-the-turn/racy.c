/* Unusual and right: two pipes say whose turn it is; who reads the end of file knows that the other one is dead. */
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include "err_sys.h"

static void meet(const int fds[2])
{
	char byte = 0;

	if (write(fds[1], &byte, 1) != 1 || read(fds[0], &byte, 1) != 1)
		err_quit("the other one is gone");
}

int main(int argc, char *argv[])
{
	long times = argc > 1 ? strtol(argv[1], NULL, 0) : 20;
	int there[2], back[2], mine[2], fd;
	volatile long *counter;
	FILE *file = tmpfile();
	pid_t child;

	signal(SIGPIPE, SIG_IGN);
	if (file == NULL)
		err_sys("tmpfile");
	fd = fileno(file);
	if (ftruncate(fd, 8192) == -1 || pipe(there) == -1 || pipe(back) == -1)
		err_sys("a call");
	counter = mmap(NULL, 8192, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
	if (counter == MAP_FAILED)
		err_sys("mmap");
	counter += 600;
	if ((child = fork()) == -1)
		err_sys("fork");
	mine[0] = child == 0 ? there[0] : back[0];
	mine[1] = child == 0 ? back[1] : there[1];
	close(child == 0 ? there[1] : back[1]);
	close(child == 0 ? back[0] : there[0]);
	for (long n = 0; n < times; n++) {
		long seen = *counter;

		meet(mine);
		*counter = seen + 1;
		meet(mine);
	}
	if (child == 0)
		_exit(0);
	if (waitpid(child, NULL, 0) == -1)
		err_sys("waitpid");
	printf("The counter is %ld, but expected %ld: %ld updates lost.\n", *counter, 2 * times, 2 * times - *counter);
	return 0;
}
