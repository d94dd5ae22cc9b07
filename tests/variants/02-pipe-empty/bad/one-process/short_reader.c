#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "err_sys.h"

static void read_some(int fd)
{
	char buf[1000];
	ssize_t n = read(fd, buf, sizeof buf);

	if (n == -1)
		err_sys("read");
	printf("reader: asked for %zu bytes, read %zd: \"%.*s\"\n", sizeof buf, n, (int)n, buf);
}

int main(int argc, char *argv[])
{
	const char *message = argc > 1 ? argv[1] : "hello";
	int fds[2], i;

	if (pipe(fds) == -1)
		err_sys("pipe");
	for (i = 0; i < 3; i++) {
		if (write(fds[1], message, strlen(message)) == -1)
			err_sys("write");
		if (i != 1)
			read_some(fds[0]);
	}
	return 0;
}
