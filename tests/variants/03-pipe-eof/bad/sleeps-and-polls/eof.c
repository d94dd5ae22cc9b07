/* The reader does not wait in read(): it sleeps, looks what is there, and takes "nothing" for the end. */
#define _GNU_SOURCE
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "err_sys.h"

int main(int argc, char *argv[])
{
	char buf[128];
	ssize_t n;
	int fds[2], i;

	setvbuf(stdout, NULL, _IOLBF, 0);
	if (pipe(fds) == -1)
		err_sys("pipe");
	switch (fork()) {
	case -1:
		err_sys("fork");
	case 0:
		for (i = 1; i < argc; i++)
			if (write(fds[1], argv[i], strlen(argv[i])) == -1)
				err_sys("write");
		return 0;
	}
	close(fds[1]);
	sleep(1);
	fcntl(fds[0], F_SETFL, O_NONBLOCK);
	while ((n = read(fds[0], buf, sizeof buf)) > 0)
		printf("reader: read %zd bytes: \"%.*s\"\n", n, (int)n, buf);
	printf("reader: read 0 bytes: end of file\n");
	wait(NULL);
	return 0;
}
