/* A pipe, but only one process: it writes all, and then reads it back. */
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "err_sys.h"

int main(int argc, char *argv[])
{
	char buf[128];
	ssize_t n;
	int fds[2], i;

	if (pipe(fds) == -1)
		err_sys("pipe");
	for (i = 1; i < argc; i++)
		if (write(fds[1], argv[i], strlen(argv[i])) == -1)
			err_sys("write");
	close(fds[1]);
	while ((n = read(fds[0], buf, sizeof buf)) > 0)
		printf("reader: read %zd bytes: \"%.*s\"\n", n, (int)n, buf);
	if (n == -1)
		err_sys("read");
	printf("reader: read 0 bytes: end of file\n");
	return 0;
}
