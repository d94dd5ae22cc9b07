/*
 * killed_writer.c - who writes to a pipe that nobody can read any more is killed by SIGPIPE.
 *
 * usage: killed_writer
 *
 * The only read end is closed before the writer exists, so its first write() is the fatal one, whichever
 * process runs first. The parent says what became of it. Compare with epipe_writer.c: one word differs.
 */
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "err_sys.h"

static void write_to_nobody(int fd)
{
	sigset_t sigpipe;
	ssize_t n;

	/* Who started us may have blocked or ignored SIGPIPE, and both survive exec(). */
	sigemptyset(&sigpipe);
	sigaddset(&sigpipe, SIGPIPE);
	if (sigprocmask(SIG_UNBLOCK, &sigpipe, NULL) == -1)
		err_sys("sigprocmask");
	if (signal(SIGPIPE, SIG_DFL) == SIG_ERR)
		err_sys("signal SIGPIPE");

	printf("writer: writes \"hello\"\n");
	n = write(fd, "hello", 5);
	if (n >= 0)
		printf("writer: wrote %zd bytes: somebody still has a read end open\n", n);
	else if (errno == EPIPE)
		printf("writer: write: %s (EPIPE)\n", strerror(errno));
	else
		err_sys("write");
	printf("writer: is alive, and exits by itself\n");
}

static int report_the_end_of(pid_t writer)
{
	int status;

	if (waitpid(writer, &status, 0) == -1)
		err_sys("waitpid");
	if (WIFSIGNALED(status)) {
		printf("parent: writer was killed by signal %d (%s)\n", WTERMSIG(status),
		       strsignal(WTERMSIG(status)));
		return 0;
	}
	printf("parent: writer exited with status %d\n", WEXITSTATUS(status));
	return WEXITSTATUS(status);
}

int main(int argc, char *argv[])
{
	int fds[2];
	pid_t writer;

	if (argc > 1)
		err_quit("usage: %s", argv[0]);
	setvbuf(stdout, NULL, _IOLBF, 0);
	if (signal(SIGCHLD, SIG_DFL) == SIG_ERR) /* ignored, it would leave no status to wait for */
		err_sys("signal SIGCHLD");
	if (pipe(fds) == -1)
		err_sys("pipe");
	printf("parent: closes the only read end, and starts the writer\n");
	close(fds[0]); /* before fork(), or the child would have one as well */

	switch (writer = fork()) { /* a child: signals like SIGPIPE cannot kill process 1 of a container */
	case -1:
		err_sys("fork");
	case 0:
		write_to_nobody(fds[1]);
		return 0;
	default:
		close(fds[1]);
		return report_the_end_of(writer);
	}
}
