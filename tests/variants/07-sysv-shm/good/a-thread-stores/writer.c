/* A thread does the work; the main thread waits for a signal, or for the thread. */
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/shm.h>
#include <unistd.h>

#include "err_sys.h"
#include "px_ipc_name.h"

static struct flock lock = { .l_type = F_WRLCK, .l_whence = SEEK_SET };
static const char *words = "hello ";
static char *path, *text;
static int file, id = -1;

static void *work(void *arg)
{
	struct shmid_ds state;
	char line[80];
	int i;

	(void)arg;
	fgets(line, sizeof line, stdin);
	for (i = 0; i < 2048; i++)
		text[i] = words[(size_t)i % strlen(words)];
	printf("thread: stored 2048 of 4097 bytes\n");
	fgets(line, sizeof line, stdin);
	for (; i < 4097; i++)
		text[i] = words[(size_t)i % strlen(words)];
	lock.l_type = F_RDLCK;
	if (fcntl(file, F_SETLK, &lock) == -1)
		err_sys("fcntl");
	printf("thread: stored 4097 of 4097 bytes\n");
	fgets(line, sizeof line, stdin);
	if (shmctl(id, IPC_RMID, NULL) == -1 || shmctl(id, IPC_STAT, &state) == -1)
		err_sys("shmctl");
	printf("thread: marked with dest, nattch %lu\n", (unsigned long)state.shm_nattch);
	if (shmdt(text) == -1)
		err_sys("shmdt");
	kill(getpid(), SIGTERM);
	return NULL;
}

int main(int argc, char *argv[])
{
	pthread_t thread;
	sigset_t set;
	key_t key;
	int got;

	setvbuf(stdout, NULL, _IOLBF, 0);
	if (argc > 1)
		words = argv[1];
	sigemptyset(&set);
	sigaddset(&set, SIGINT);
	sigaddset(&set, SIGTERM);
	pthread_sigmask(SIG_BLOCK, &set, NULL);
	path = px_ipc_path("key");
	if ((file = open(path, O_RDWR | O_CREAT, 0600)) == -1 || fcntl(file, F_SETLK, &lock) == -1)
		err_sys("%s", path);
	if ((key = ftok(path, 7)) == -1)
		err_sys("ftok");
	if ((id = shmget(key, 0, 0)) != -1 && shmctl(id, IPC_RMID, NULL) == -1)
		err_sys("shmctl");
	if ((id = shmget(key, 4097, IPC_CREAT | 0600)) == -1)
		err_sys("shmget");
	if ((text = shmat(id, NULL, 0)) == (void *)-1)
		err_sys("shmat");
	printf("main: made 4097 bytes\n");
	pthread_create(&thread, NULL, work, NULL);
	sigwait(&set, &got);
	shmctl(id, IPC_RMID, NULL);
	unlink(path);
	return 0;
}
