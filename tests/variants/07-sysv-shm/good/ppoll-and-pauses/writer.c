/* Signals come only inside ppoll(); pauses between the steps, for those who watch; the old segment is looked for after the lock. */
#define _GNU_SOURCE
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/shm.h>
#include <unistd.h>

#include "err_sys.h"
#include "px_ipc_name.h"

static volatile sig_atomic_t told;
static sigset_t before;

static void on_signal(int signal_number)
{
	told = signal_number;
}

static void step(void)
{
	struct pollfd in = { .fd = 0, .events = POLLIN };
	char c = 0;

	while (!told && c != '\n')
		if (ppoll(&in, 1, NULL, &before) == 1 && read(0, &c, 1) < 1)
			told = 1;
	usleep(200000);
}

int main(int argc, char *argv[])
{
	struct flock lock = { .l_type = F_WRLCK, .l_whence = SEEK_SET };
	char *path = px_ipc_path("key"), *words = argc == 2 ? argv[1] : "hello ", *text;
	struct shmid_ds state;
	int file, id, i;
	sigset_t set;
	key_t key;

	sigfillset(&set);
	sigprocmask(SIG_BLOCK, &set, &before);
	signal(SIGINT, on_signal);
	signal(SIGTERM, on_signal);
	if ((file = open(path, O_RDWR | O_CREAT, 0600)) == -1)
		err_sys("%s", path);
	if (fcntl(file, F_SETLK, &lock) == -1)
		err_sys("fcntl");
	if ((key = ftok(path, 7)) == -1)
		err_sys("ftok");
	if ((id = shmget(key, 0, 0)) != -1)
		shmctl(id, IPC_RMID, NULL);
	if ((id = shmget(key, 4097, IPC_CREAT | IPC_EXCL | 0600)) == -1)
		err_sys("shmget");
	if ((text = shmat(id, NULL, 0)) == (void *)-1)
		err_sys("shmat");
	printf("writer: made it\nwriter: made all of its 4097 bytes\n");
	step();
	for (i = 2047; i >= 0; i--)
		text[i] = words[(size_t)i % strlen(words)];
	printf("writer: stored 2048 of 4097 bytes\n");
	step();
	for (i = 4096; i >= 2048; i--)
		text[i] = words[(size_t)i % strlen(words)];
	printf("writer: stored 4097 of 4097 bytes\n");
	lock.l_type = F_RDLCK;
	if (fcntl(file, F_SETLK, &lock) == -1)
		err_sys("fcntl");
	step();
	if (shmctl(id, IPC_RMID, &state) == -1 || shmctl(id, IPC_STAT, &state) == -1)
		err_sys("shmctl");
	printf("writer: dest for ipcs -m, which shows nattch %d\n", (int)state.shm_nattch);
	shmdt(text);
	remove(path);
	exit(0);
}
