/*
 * writer.c - System V shared memory: makes a segment, fills it half by half, and removes it.
 *
 * usage: writer [TEXT]        (default "hello ": the segment is filled with copies of it)
 *
 * Each line of standard input (press Enter) is one step; after its end the rest follows unasked.
 * The segment makes no reader wait; a lock on the file that gives its key can. Compare with reader.c.
 */
#define _DEFAULT_SOURCE /* SHM_DEST (Linux) */
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/shm.h>
#include <unistd.h>

#include "err_sys.h"
#include "px_ipc_name.h"

enum { SIZE = 4097 };

static char *path; /* the file that gives the key */
static int id = -1;

/* Wait for no more steps: whether read() has begun or not, next_step() now comes to its end. */
static void on_signal(int signal_number)
{
	(void)signal_number;
	close(STDIN_FILENO);
}

static void next_step(void)
{
	char c;

	while (read(STDIN_FILENO, &c, 1) == 1 && c != '\n')
		;
}

static void remove_all(void)
{
	shmctl(id, IPC_RMID, NULL);
	unlink(path); /* last: it is the way to the segment */
}

static char *make_segment(void)
{
	key_t key = ftok(path, 7);
	char *text;

	if (key == -1)
		err_sys("ftok %s", path);
	if ((id = shmget(key, 0, 0)) != -1 && shmctl(id, IPC_RMID, NULL) == 0)
		printf("writer: removed the segment of a killed writer\n");
	if ((id = shmget(key, SIZE, IPC_CREAT | IPC_EXCL | 0600)) == -1)
		err_sys("shmget");
	if ((text = shmat(id, NULL, 0)) == (void *)-1)
		err_sys("shmat");
	printf("writer: made a segment of %d bytes, and attached it\n", SIZE);
	return text;
}

static void store(char *text, int from, int to, const char *words)
{
	next_step();
	for (int i = from; i < to; i++)
		text[i] = words[i % strlen(words)];
	printf("writer: stored %d of %d bytes\n", to, SIZE);
}

static void remove_segment(const char *text)
{
	struct shmid_ds state;

	printf("writer: removes the segment\n");
	if (shmctl(id, IPC_RMID, NULL) == -1 || shmctl(id, IPC_STAT, &state) == -1)
		err_sys("shmctl");
	if ((state.shm_perm.mode & SHM_DEST) && shmget(ftok(path, 7), 0, 0) == -1)
		printf("writer: it is marked (dest), no key finds it, nattch %lu\n", state.shm_nattch);
	printf("writer: detaches\n");
	if (shmdt(text) == -1)
		err_sys("shmdt");
	if (shmctl(id, IPC_STAT, &state) == -1)
		printf("writer: nobody has it attached any more: it is gone\n");
}

int main(int argc, char *argv[])
{
	struct sigaction action = { .sa_handler = on_signal };
	struct flock lock = { .l_type = F_WRLCK, .l_whence = SEEK_SET };
	const char *words = argc > 1 ? argv[1] : "hello ";
	char *text;
	int file;

	setvbuf(stdout, NULL, _IOLBF, 0);
	if (argc > 2 || *words == '\0')
		err_quit("usage: writer [TEXT]");
	if ((path = px_ipc_path("key")) == NULL)
		err_sys("px_ipc_path");
	if (sigaction(SIGINT, &action, NULL) == -1 || sigaction(SIGTERM, &action, NULL) == -1)
		err_sys("sigaction");
	signal(SIGPIPE, SIG_IGN); /* nobody reads our lines any more: no reason to leave the segment behind */
	if ((file = open(path, O_RDWR | O_CREAT | O_NOFOLLOW, 0600)) == -1)
		err_sys("open %s", path);
	if (fcntl(file, F_SETLK, &lock) == -1)
		err_sys("%s is in use", path);
	atexit(remove_all);
	text = make_segment();
	store(text, 0, SIZE / 2, words);
	store(text, SIZE / 2, SIZE, words);
	printf("writer: lets readers in: its write lock becomes a read lock\n");
	lock.l_type = F_RDLCK;
	if (fcntl(file, F_SETLK, &lock) == -1)
		err_sys("fcntl F_SETLK");
	next_step();
	remove_segment(text);
	return 0;
}
