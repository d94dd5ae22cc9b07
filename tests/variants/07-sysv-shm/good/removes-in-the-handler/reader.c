/* The parent attaches and reports, another child does each thing; nobody waits but SIGCHLD is ignored, and a pipe tells the end. */
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/shm.h>
#include <unistd.h>

#include "err_sys.h"
#include "px_ipc_name.h"

static unsigned long memory(int id)
{
	char command[200], text[40] = "0";
	FILE *list = fopen("/proc/sysvipc/shm", "r");
	unsigned long rss = 0;
	int n;

	(void)command, (void)text;
	while (list != NULL && fscanf(list, "%*[^\n]\n") == 0 &&
	       fscanf(list, "%*s %d %*s %*s %*s %*s %*s %*s %*s %*s %*s %*s %*s %*s %lu", &n, &rss) == 2 && n != id)
		;
	return rss;
}

static volatile char *target;

static void told(int signal_number)
{
	static const char line[] = "reader: SIGSEGV\n";

	(void)signal_number;
	if (write(1, line, sizeof line - 1) == -1)
		_exit(1);
	_exit(0);
}

int main(int argc, char *argv[])
{
	struct flock lock = { .l_type = F_RDLCK, .l_whence = SEEK_SET };
	char *path = px_ipc_path("key"), *text, c;
	struct shmid_ds state;
	int id, n, ends[2];
	pid_t child;
	key_t key;

	setvbuf(stdout, NULL, _IOLBF, 0);
	signal(SIGCHLD, SIG_IGN);
	if ((key = ftok(path, 7)) == -1 || (id = shmget(key, 0, 0)) == -1)
		err_sys("no segment");
	if ((text = shmat(id, NULL, SHM_RDONLY)) == (void *)-1 || shmctl(id, IPC_STAT, &state) == -1)
		err_sys("shmat");
	printf("reader: 4097 bytes, %lu in memory, nattch %d\n", memory(id), (int)state.shm_nattch);
	if (argc > 1 && strcmp(argv[1], "wait") == 0 && fcntl(open(path, O_RDONLY), F_SETLKW, &lock) == -1)
		err_sys("fcntl");
	n = (int)strnlen(text, 4097);
	printf("reader: sees %d of 4097 bytes: \"%.11s\"\n", n, text);
	if (argc > 1 && strcmp(argv[1], "try") == 0) {
		if (shmat(id, NULL, SHM_RDONLY) == (void *)-1 || shmctl(id, IPC_STAT, &state) == -1)
			err_sys("shmat");
		printf("reader: once more, nattch %d\n", (int)state.shm_nattch);
		target = text;
		if (pipe(ends) == -1 || (child = fork()) == -1)
			err_sys("fork");
		if (child == 0) {
			signal(SIGSEGV, told);
			*target = '?';
			_exit(1);
		}
		close(ends[1]);
		if (read(ends[0], &c, 1) == -1)
			err_sys("read");
	}
	return 0;
}
