/* Unusual and right: posix_spawn() starts this very program again as the writer, whose stdout is the pipe. */
#define _GNU_SOURCE
#include <errno.h>
#include <spawn.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "err_sys.h"

extern char **environ;

static int write_messages(char *messages[])
{
	for (; *messages != NULL; messages++)
		if (write(1, *messages, strlen(*messages)) == -1)
			err_sys("write");
	return 0;
}

int main(int argc, char *argv[])
{
	posix_spawn_file_actions_t actions;
	char buf[11];
	int fds[2], status;
	ssize_t n;
	pid_t pid;

	if (strcmp(argv[0], "writer") == 0)
		return write_messages(argv + 1);
	if (pipe(fds) == -1)
		err_sys("pipe");
	posix_spawn_file_actions_init(&actions);
	posix_spawn_file_actions_adddup2(&actions, fds[1], 1);
	posix_spawn_file_actions_addclose(&actions, fds[1]);
	posix_spawn_file_actions_addclose(&actions, fds[0]);
	(void)argc;
	argv[0] = "writer";
	if ((errno = posix_spawn(&pid, "/proc/self/exe", &actions, NULL, argv, environ)) != 0)
		err_sys("posix_spawn");
	posix_spawn_file_actions_destroy(&actions);
	close(fds[1]);
	while ((n = read(fds[0], buf, sizeof buf)) > 0)
		printf("reader: read %zd bytes: \"%.*s\"\n", n, (int)n, buf);
	if (n == -1)
		err_sys("read");
	printf("reader: read 0 bytes: end of file\n");
	while (waitpid(pid, &status, 0) == -1 && errno == EINTR)
		;
	return status != 0;
}
