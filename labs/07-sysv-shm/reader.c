/*
 * reader.c - looks into the writer's shared memory, and at what the kernel knows of it.
 *
 * usage: reader [wait | try]
 *
 * Plain, it takes what is there at this moment: nothing makes it wait. With "wait" it asks for a read
 * lock first, and so waits for the writer. With "try" it goes on to attach the segment a second time,
 * and to store into it, though attached read-only (in a child). Compare with writer.c.
 */
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/shm.h>
#include <sys/wait.h>
#include <unistd.h>

#include "err_sys.h"
#include "px_ipc_name.h"

/* How much memory the segment takes by now: the last two columns of a list that only Linux has. */
static unsigned long memory_of(int id)
{
	FILE *list = fopen("/proc/sysvipc/shm", "r");
	unsigned long resident = 0, swapped = 0;
	char line[512];
	int n = -1;

	if (list == NULL)
		err_sys("/proc/sysvipc/shm");
	while (n != id && fgets(line, sizeof line, list) != NULL)
		sscanf(line, "%*d %d %*o %*u %*u %*u %*u %*u %*u %*u %*u %*u %*u %*u %lu %lu", &n, &resident,
		       &swapped);
	fclose(list);
	return resident + swapped;
}

static size_t show_state(int id, const char *what)
{
	struct shmid_ds state;

	if (shmctl(id, IPC_STAT, &state) == -1)
		err_sys("shmctl IPC_STAT");
	printf("reader: %s: %zu bytes, %lu in memory, nattch %lu\n", what, state.shm_segsz, memory_of(id),
	       state.shm_nattch);
	return state.shm_segsz;
}

static void wait_for_writer(const char *path)
{
	struct flock lock = { .l_type = F_RDLCK, .l_whence = SEEK_SET };
	int file = open(path, O_RDONLY | O_NOFOLLOW);

	if (file == -1)
		err_sys("open %s", path);
	printf("reader: waits for its read lock\n");
	if (fcntl(file, F_SETLKW, &lock) == -1)
		err_sys("fcntl F_SETLKW");
}

static void store_in_child(char *text)
{
	const struct rlimit no_core = { 0, 0 };
	pid_t child = fork();
	int status;

	if (child == -1)
		err_sys("fork");
	if (child == 0) {
		if (setrlimit(RLIMIT_CORE, &no_core) == -1)
			err_sys("setrlimit");
		*(volatile char *)text = '!';
		_exit(0);
	}
	if (waitpid(child, &status, 0) == -1)
		err_sys("waitpid");
	printf("reader: its child stored into it: %s\n",
	       WIFSIGNALED(status) && WTERMSIG(status) == SIGSEGV ? "killed by SIGSEGV" : "nothing happened");
}

int main(int argc, char *argv[])
{
	const char *mode = argc > 1 ? argv[1] : "";
	char *path = px_ipc_path("key");
	size_t size, seen;
	key_t key;
	char *text;
	int id;

	setvbuf(stdout, NULL, _IOLBF, 0);
	if (argc > 2 || (argc == 2 && strcmp(mode, "wait") != 0 && strcmp(mode, "try") != 0))
		err_quit("usage: reader [wait | try]");
	if (path == NULL)
		err_sys("px_ipc_path");
	if ((key = ftok(path, 7)) == -1)
		err_sys("ftok %s", path);
	if ((id = shmget(key, 0, 0)) == -1)
		err_sys("shmget");
	if ((text = shmat(id, NULL, SHM_RDONLY)) == (void *)-1)
		err_sys("shmat");
	size = show_state(id, "attached read-only");
	if (strcmp(mode, "wait") == 0)
		wait_for_writer(path);
	seen = strnlen(text, size);
	printf("reader: sees %zu of %zu bytes: \"%.*s\"\n", seen, size, seen < 11 ? (int)seen : 11, text);

	if (strcmp(mode, "try") == 0) {
		if (shmat(id, NULL, SHM_RDONLY) == (void *)-1)
			err_sys("shmat");
		show_state(id, "attached once more");
		signal(SIGCHLD, SIG_DFL); /* inherited as ignored, it would leave nothing to wait for */
		store_in_child(text);
	}
	if (shmdt(text) == -1)
		err_sys("shmdt");
	free(path);
	return 0;
}
