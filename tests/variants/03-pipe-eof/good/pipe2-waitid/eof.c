/* Unusual and right: the parent writes, the child reads through stdio at a high descriptor; waitid() buries
 * it. */
#define _GNU_SOURCE
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

int main(int argc, char *argv[])
{
	char *hello[] = { "hello", NULL }, **message = argc > 1 ? argv + 1 : hello, buf[7];
	int fds[2], high, failed = 0;
	siginfo_t info;
	ssize_t n;

	if (pipe2(fds, O_CLOEXEC) == -1) {
		perror("pipe2");
		return 1;
	}
	switch (fork()) {
	case -1:
		perror("fork");
		return 1;
	case 0:
		close(fds[1]);
		high = fcntl(fds[0], F_DUPFD, 50);
		close(fds[0]);
		puts("some other words first");
		while ((n = read(high, buf, sizeof buf)) > 0)
			printf("[child] reader: read %zd bytes: \"%.*s\" (of up to 7)\n", n, (int)n, buf);
		if (n == -1) {
			perror("read");
			exit(3);
		}
		printf("reader: read 0 bytes: end of file, says the child\n");
		exit(0);
	}
	close(fds[0]);
	for (; *message != NULL; message++)
		if (write(fds[1], *message, strlen(*message)) == -1) {
			perror("write");
			failed = 1;
		}
	close(fds[1]);
	waitid(P_ALL, 0, &info, WEXITED);
	return failed || info.si_status != 0;
}
