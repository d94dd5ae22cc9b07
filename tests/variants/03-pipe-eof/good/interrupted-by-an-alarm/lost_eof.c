/* Unusual and right: the reader really waits in read(), until an alarm interrupts it: that is how it shows that no end
 * comes. */
#define _GNU_SOURCE
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <sys/wait.h>
#include <unistd.h>

#include "err_sys.h"

static void on_alarm(int sig)
{
	(void)sig;
}

int main(void)
{
	struct sigaction action = { .sa_handler = on_alarm }; /* without SA_RESTART */
	char buf[10];
	ssize_t n;
	int fds[2];

	setvbuf(stdout, NULL, _IOLBF, 0);
	if (sigaction(SIGALRM, &action, NULL) == -1)
		err_sys("sigaction");
	if (pipe(fds) == -1)
		err_sys("pipe");
	switch (fork()) {
	case -1:
		err_sys("fork");
	case 0:
		if (write(fds[1], "hello", 5) == -1)
			err_sys("write");
		return 0;
	}
	if (wait(NULL) == -1)
		err_sys("wait");
	if ((n = read(fds[0], buf, sizeof buf)) == -1)
		err_sys("read");
	printf("reader: read %zd bytes: \"%.*s\"\n", n, (int)n, buf);
	ualarm(100000, 100000);
	if (read(fds[0], buf, sizeof buf) != -1 || errno != EINTR)
		err_quit("read() has come back");
	ualarm(0, 0);
	printf("reader: nothing to read, but no end of file: it slept when the alarm came\n");
	close(fds[1]);
	if (read(fds[0], buf, sizeof buf) != 0)
		err_sys("read");
	printf("reader: read 0 bytes: end of file\n");
	return 0;
}
