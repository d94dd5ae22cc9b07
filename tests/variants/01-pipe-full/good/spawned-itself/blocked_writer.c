/* Unusual and right: the writer is this program once more (posix_spawn), at a high descriptor; /proc/PID/syscall alone tells. */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "err_sys.h"

extern char **environ;
static char bytes[1048576];

static void look(pid_t pid)
{
	char path[64], text[128] = "";
	siginfo_t info = { 0 };
	int fd;

	snprintf(path, sizeof path, "/proc/%d/syscall", (int)pid);
	while (strncmp(text, "1 0x64 ", 7) != 0) {
		sched_yield();
		if (waitid(P_PID, (id_t)pid, &info, WEXITED | WNOHANG | WNOWAIT) == -1 || info.si_pid != 0)
			err_quit("the writer has ended");
		if ((fd = open(path, O_RDONLY)) == -1 || read(fd, text, sizeof text - 1) == -1)
			err_sys("%s", path);
		close(fd);
	}
}

int main(int argc, char *argv[])
{
	char *chunk = argc > 1 ? argv[1] : "4096", *again[] = { argv[0], chunk, "write", NULL };
	posix_spawn_file_actions_t actions;
	siginfo_t info;
	int fds[2], queued;
	pid_t pid;

	if (argc == 3)
		for (;;)
			if (write(100, bytes, strtoul(chunk, NULL, 10)) == -1)
				err_sys("write");
	if (pipe2(fds, O_CLOEXEC) == -1)
		err_sys("pipe2");
	posix_spawn_file_actions_init(&actions);
	posix_spawn_file_actions_adddup2(&actions, fds[1], 100);
	if ((errno = posix_spawn(&pid, "/proc/self/exe", &actions, NULL, again, environ)) != 0)
		err_sys("posix_spawn");
	look(pid);
	if (ioctl(fds[0], FIONREAD, &queued) == -1)
		err_sys("ioctl");
	printf("seen: pid %d is blocked in write(), %d bytes in the pipe\n", (int)pid, queued);
	kill(pid, SIGTERM);
	if (waitid(P_PID, (id_t)pid, &info, WEXITED) == -1)
		err_sys("waitid");
	printf("pid %d was killed by signal %d\n", (int)pid, info.si_status);
	return 0;
}
