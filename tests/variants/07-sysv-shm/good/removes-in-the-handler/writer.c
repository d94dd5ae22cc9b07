/* The handler removes all and ends; getchar(); a buffer for the whole output. */
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/shm.h>
#include <unistd.h>

#include "err_sys.h"
#include "px_ipc_name.h"

static char *path, buffer[4096];
static volatile int id = -1;

static void on_signal(int signal_number)
{
	key_t key = ftok(path, 7);

	if (key != -1 && (id = shmget(key, 0, 0)) != -1)
		shmctl(id, IPC_RMID, NULL);
	unlink(path);
	_exit(128 + signal_number);
}

static void step(void)
{
	int c;

	fflush(stdout);
	do
		c = getchar();
	while (c != '\n' && c != EOF);
}

int main(int argc, char *argv[])
{
	struct flock lock = { .l_type = F_WRLCK, .l_whence = SEEK_SET };
	const char *words = argc == 2 ? argv[1] : "hello ", *at = words;
	struct shmid_ds state;
	int file, i;
	char *text;
	key_t key;

	setvbuf(stdout, buffer, _IOFBF, sizeof buffer);
	path = px_ipc_path("key");
	if (access(path, F_OK) == 0 && ((file = open(path, O_RDWR)) == -1 || fcntl(file, F_SETLK, &lock) == -1))
		err_sys("there is a writer");
	signal(SIGINT, on_signal);
	signal(SIGTERM, on_signal);
	if ((file = open(path, O_RDWR | O_CREAT, 0600)) == -1 || fcntl(file, F_SETLK, &lock) == -1)
		err_sys("%s", path);
	if ((key = ftok(path, 7)) == -1)
		err_sys("ftok");
	while ((id = shmget(key, 4097, IPC_CREAT | IPC_EXCL | 0600)) == -1)
		if ((id = shmget(key, 0, 0)) == -1 || shmctl(id, IPC_RMID, NULL) == -1)
			err_sys("shmget");
	if ((text = shmat(id, NULL, 0)) == (void *)-1)
		err_sys("shmat");
	printf("writer: a segment is made, of 4097 bytes\n");
	for (i = 0; i < 4097; i++, at = at[1] != '\0' ? at + 1 : words) {
		if (i == 0 || i == 2048)
			step();
		text[i] = *at;
		if (i == 2047)
			printf("writer: stored 2048 of 4097 bytes\n");
	}
	printf("writer: stored 4097 of 4097 bytes\n");
	lock.l_type = F_RDLCK;
	if (fcntl(file, F_SETLK, &lock) == -1)
		err_sys("fcntl");
	step();
	if (shmctl(id, IPC_RMID, NULL) == -1 || shmctl(id, IPC_STAT, &state) == -1)
		err_sys("shmctl");
	printf("writer: (dest) nattch = %lu\n", (unsigned long)state.shm_nattch);
	if (shmdt(text) == -1)
		err_sys("shmdt");
	unlink(path);
	return 0;
}
