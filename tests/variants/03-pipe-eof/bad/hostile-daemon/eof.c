/* Hostile: right, but for a daemon that lives on. */
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "err_sys.h"

static void leave_a_daemon(void)
{
	switch (fork()) {
	case -1:
		err_sys("fork");
	case 0:
		break;
	default:
		return;
	}
	setsid();
	if (fork() != 0)
		_exit(0);
	signal(SIGTERM, SIG_IGN);
	for (;;)
		pause();
}

int main(int argc, char *argv[])
{
	char buf[128];
	ssize_t n;
	int fds[2], i;
	pid_t pid;

	setvbuf(stdout, NULL, _IOLBF, 0);
	leave_a_daemon();
	if (pipe(fds) == -1)
		err_sys("pipe");
	if ((pid = fork()) == -1)
		err_sys("fork");
	if (pid == 0) {
		for (i = 1; i < argc; i++)
			if (write(fds[1], argv[i], strlen(argv[i])) == -1)
				err_sys("write");
		return 0;
	}
	close(fds[1]);
	while ((n = read(fds[0], buf, sizeof buf)) > 0)
		printf("reader: read %zd bytes: \"%.*s\"\n", n, (int)n, buf);
	if (n == -1)
		err_sys("read");
	printf("reader: read 0 bytes: end of file\n");
	waitpid(pid, NULL, 0);
	return 0;
}
