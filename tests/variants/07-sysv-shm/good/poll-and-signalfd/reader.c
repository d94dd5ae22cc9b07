/* The list in /proc tells all; the child is made with vfork() and clone flags left to it, and waited for with waitid(). */
#define _GNU_SOURCE
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/shm.h>
#include <sys/wait.h>
#include <unistd.h>

#include "err_sys.h"
#include "px_ipc_name.h"

static void tell(int id, const char *what)
{
	unsigned long size, nattch, rss, swap;
	FILE *list = fopen("/proc/sysvipc/shm", "r");
	char line[300];
	int n;

	while (list != NULL && fgets(line, sizeof line, list) != NULL)
		if (sscanf(line, "%*s %d %*s %lu %*s %*s %lu %*s %*s %*s %*s %*s %*s %*s %lu %lu", &n, &size, &nattch, &rss,
			   &swap) == 5 &&
		    n == id)
			printf("reader: %s: %lu bytes, %lu in memory, nattch %lu\n", what, size, rss + swap, nattch);
	if (list != NULL)
		fclose(list);
}

int main(int argc, char *argv[])
{
	struct flock lock = { .l_type = F_RDLCK, .l_whence = SEEK_SET };
	char *path = px_ipc_path("key"), *text;
	key_t key = ftok(path, 7);
	siginfo_t info;
	int id, n = 0;

	if (key == -1 || (id = shmget(key, 4097, 0)) == -1)
		err_sys("%s", path);
	text = shmat(id, NULL, SHM_RDONLY | SHM_RND);
	if (text == (void *)-1)
		err_sys("shmat");
	tell(id, "attached");
	if (argc == 2 && strcmp(argv[1], "wait") == 0) {
		if (fcntl(open(path, O_RDONLY), F_SETLKW, &lock) == -1)
			err_sys("fcntl");
	}
	while (n < 4097 && text[n] != '\0')
		n++;
	printf("reader: sees %d of 4097 bytes: \"%.*s\", or so\n", n, n < 11 ? n : 11, text);
	if (argc == 2 && strcmp(argv[1], "try") == 0) {
		if (shmat(id, NULL, SHM_RDONLY) == (void *)-1)
			err_sys("shmat");
		tell(id, "attached twice");
		fflush(stdout);
		pid_t child = vfork();
		if (child == 0) {
			*(volatile int *)(text + 4092) = 0;
			_exit(0);
		}
		if (child == -1 || waitid(P_PID, (id_t)child, &info, WEXITED) == -1)
			err_sys("child");
		if (info.si_code == CLD_KILLED)
			printf("reader: its child got SIG%s\n", sigabbrev_np(info.si_status));
	}
	return 0;
}
