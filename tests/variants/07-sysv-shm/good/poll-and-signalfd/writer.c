/* Waits with poll() for its stdin and for signals as a descriptor. */
#define _GNU_SOURCE
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/shm.h>
#include <sys/signalfd.h>
#include <unistd.h>

#include "err_sys.h"
#include "px_ipc_name.h"

static int signals, unasked;

static void step(void)
{
	struct pollfd two[2] = { { .fd = 0, .events = POLLIN }, { .fd = signals, .events = POLLIN } };
	char c = 0;

	while (!unasked && c != '\n') {
		if (poll(two, 2, -1) == -1)
			err_sys("poll");
		if (two[1].revents != 0 || read(0, &c, 1) != 1)
			unasked = 1;
	}
}

int main(int argc, char *argv[])
{
	struct flock lock = { .l_type = F_WRLCK, .l_whence = SEEK_SET };
	const char *words = argc == 2 ? argv[1] : "hello ";
	char *path = px_ipc_path("key"), *text;
	struct shmid_ds state;
	int file, id, i;
	sigset_t set;
	key_t key;

	setvbuf(stdout, NULL, _IOLBF, 0);
	sigemptyset(&set);
	sigaddset(&set, SIGINT);
	sigaddset(&set, SIGTERM);
	sigprocmask(SIG_BLOCK, &set, NULL);
	signals = signalfd(-1, &set, 0);
	if ((file = open(path, O_RDWR | O_CREAT, 0600)) == -1 || fcntl(file, F_SETLK, &lock) == -1)
		err_sys("%s", path);
	if ((key = ftok(path, 7)) == -1)
		err_sys("ftok");
	if ((id = shmget(key, 0, 0)) != -1)
		shmctl(id, IPC_RMID, NULL);
	if ((id = shmget(key, 4097, IPC_CREAT | 0600)) == -1)
		err_sys("shmget");
	if ((text = shmat(id, (void *)0x700000000000, 0)) == (void *)-1)
		err_sys("shmat");
	printf("made: 4097 bytes\n");
	step();
	for (i = 0; i < 4097; i++) {
		if (i == 2048) {
			printf("stored 2048 of 4097 bytes\n");
			step();
		}
		text[i] = words[(size_t)i % strlen(words)];
	}
	lock.l_type = F_RDLCK;
	if (fcntl(file, F_SETLK, &lock) == -1)
		err_sys("fcntl");
	printf("stored 4097 of 4097 bytes\n");
	step();
	if (shmctl(id, IPC_RMID, NULL) == -1 || shmctl(id, IPC_STAT, &state) == -1)
		err_sys("shmctl");
	printf("dest, nattch: %lu\n", (unsigned long)state.shm_nattch);
	unlink(path);
	return 0; /* the end detaches it, too */
}
