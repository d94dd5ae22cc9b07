/* Uses an old segment again, if its size is right; stdio for the steps; open file description locks; memcpy(). */
#define _GNU_SOURCE
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/shm.h>
#include <unistd.h>

#include "err_sys.h"
#include "px_ipc_name.h"

static void close_stdin(int signal_number)
{
	(void)signal_number;
	close(0);
}

static void step(void)
{
	char line[100];

	if (fgets(line, sizeof line, stdin) == NULL)
		clearerr(stdin);
}

int main(int argc, char *argv[])
{
	struct flock lock = { .l_type = F_WRLCK, .l_whence = SEEK_SET };
	const char *words = argc == 2 ? argv[1] : "hello ";
	char *path = px_ipc_path("key"), *text, *copies = malloc(4097 + strlen(words));
	struct shmid_ds state;
	int file, id, i;
	key_t key;

	setvbuf(stdout, NULL, _IONBF, 0);
	for (i = 0; i < 4097; i += (int)strlen(words))
		strcpy(copies + i, words);
	signal(SIGINT, close_stdin);
	signal(SIGTERM, close_stdin);
	if ((file = open(path, O_RDWR | O_CREAT, 0600)) == -1)
		err_sys("%s", path);
	if (fcntl(file, F_OFD_SETLK, &lock) == -1)
		err_sys("there is a writer");
	if ((key = ftok(path, 7)) == -1)
		err_sys("ftok");
	if ((id = shmget(key, 0, 0)) != -1 && shmctl(id, IPC_STAT, &state) == 0 && state.shm_segsz != 4097 &&
	    shmctl(id, IPC_RMID, NULL) == -1)
		err_sys("IPC_RMID");
	if ((id = shmget(key, 4097, IPC_CREAT | 0600)) == -1)
		err_sys("shmget");
	if ((text = shmat(id, NULL, 0)) == (void *)-1)
		err_sys("shmat");
	memset(text, 0, 4097);
	printf("writer: made (or found) 4097 bytes\r\n");
	step();
	memcpy(text, copies, 2048);
	printf("writer: stored 2048 of 4097 bytes\r\n");
	step();
	memcpy(text + 2048, copies + 2048, 2049);
	lock.l_type = F_RDLCK;
	if (fcntl(file, F_OFD_SETLK, &lock) == -1)
		err_sys("fcntl");
	printf("writer: stored 4097 of 4097 bytes\r\n");
	step();
	if (shmctl(id, IPC_RMID, NULL) == -1 || shmctl(id, IPC_STAT, &state) == -1)
		err_sys("shmctl");
	printf("writer: now it has the mark dest, and its nattch %d is what ipcs would show\r\n", (int)state.shm_nattch);
	shmdt(text);
	unlink(path);
	return 0;
}
