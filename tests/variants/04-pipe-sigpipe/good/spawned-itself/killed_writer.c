/* Unusual and right: the writer is this program once more, through posix_spawn(), and writes to fd 77. */
#define _GNU_SOURCE
#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <string.h>
#include <sys/uio.h>
#include <sys/wait.h>
#include <unistd.h>

#include "err_sys.h"

extern char **environ;

int main(int argc, char *argv[])
{
	char self[] = "/proc/self/exe", word[] = "writer", *args[] = { argv[0], word, NULL };
	struct iovec iov[2] = { { word, 3 }, { word + 3, 3 } };
	posix_spawnattr_t attr;
	siginfo_t info;
	sigset_t set;
	pid_t writer;
	int fds[2], error;

	if (argc > 1 && strcmp(argv[1], word) == 0)
		return writev(77, iov, 2) == -1 ? 4 : 5;
	if (pipe2(fds, O_CLOEXEC) == -1)
		err_sys("pipe2");
	if (dup2(fds[1], 77) == -1 || close(fds[0]) == -1 || close(fds[1]) == -1)
		err_sys("dup2");
	posix_spawnattr_init(&attr);
	posix_spawnattr_setflags(&attr, POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETSIGMASK);
	sigemptyset(&set);
	posix_spawnattr_setsigmask(&attr, &set);
	sigaddset(&set, SIGPIPE);
	posix_spawnattr_setsigdefault(&attr, &set);
	if ((error = posix_spawn(&writer, self, NULL, &attr, args, environ)) != 0)
		err_quit("posix_spawn: %s", strerror(error));
	if (waitid(P_PID, (id_t)writer, &info, WEXITED) == -1)
		err_sys("waitid");
	if (info.si_code == CLD_KILLED)
		printf("[%d] pid %d has been killed: SIG%s\r\n", getpid(), writer, sigabbrev_np(info.si_status));
	else
		printf("[%d] pid %d says %d\r\n", getpid(), writer, info.si_status);
	return 0;
}
