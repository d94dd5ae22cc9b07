/* A pipe, but only one process: it writes, and then reads it back. */
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "err_sys.h"

int main(int argc, char *argv[])
{
	const char *message = argc > 1 ? argv[1] : "hello";
	char buf[1000];
	ssize_t n;
	int fds[2];

	if (pipe(fds) == -1)
		err_sys("pipe");
	printf("parent: pid %d is blocked in read(), 0 bytes in the pipe\n", (int)getpid());
	if (write(fds[1], message, strlen(message)) == -1)
		err_sys("write");
	if ((n = read(fds[0], buf, sizeof buf)) == -1)
		err_sys("read");
	printf("reader: asked for %zu bytes, read %zd: \"%.*s\"\n", sizeof buf, n, (int)n, buf);
	return 0;
}
