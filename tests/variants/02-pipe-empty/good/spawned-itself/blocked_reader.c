/* Unusual and right: the reader is this program once more (posix_spawn), its pipe is its stdin; waitid() buries it. */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "err_sys.h"

extern char **environ;

static int reader(void)
{
	char buf[600];
	ssize_t n = read(0, buf, sizeof buf);

	if (n == -1)
		err_sys("read");
	printf("reader: after it was woken it has read %zd bytes: \"%.*s\"\r\n", n, (int)n, buf);
	return 0;
}

int main(int argc, char *argv[])
{
	char *again[] = { argv[0], NULL, NULL, NULL }, path[64], text[256] = "";
	posix_spawn_file_actions_t actions;
	siginfo_t info = { 0 };
	int fds[2], stat;
	pid_t pid;

	if (argc == 3)
		return reader();
	if (pipe2(fds, O_CLOEXEC) == -1)
		err_sys("pipe2");
	again[1] = again[2] = path;
	strcpy(path, "-");
	posix_spawn_file_actions_init(&actions);
	posix_spawn_file_actions_adddup2(&actions, fds[0], 0);
	if ((errno = posix_spawn(&pid, "/proc/self/exe", &actions, NULL, again, environ)) != 0)
		err_sys("posix_spawn");
	close(fds[0]);
	snprintf(path, sizeof path, "/proc/%d/syscall", (int)pid);
	if ((stat = open(path, O_RDONLY)) == -1)
		err_sys("%s", path);
	while (strncmp(text, "0 0x0 ", 6) != 0) {
		if (waitid(P_PID, (id_t)pid, &info, WEXITED | WNOHANG | WNOWAIT) == -1 || info.si_pid != 0)
			err_quit("the reader has ended");
		if (pread(stat, text, sizeof text - 1, 0) == -1)
			err_sys("pread");
	}
	printf("parent: pid %d is blocked in read(), 0 bytes in the pipe\r\n", (int)pid);
	fflush(stdout);
	if (write(fds[1], argc > 1 ? argv[1] : "hello", argc > 1 ? strlen(argv[1]) : 5) == -1)
		err_sys("write");
	if (waitid(P_PID, (id_t)pid, &info, WEXITED) == -1)
		err_sys("waitid");
	return info.si_code != CLD_EXITED || info.si_status != 0;
}
