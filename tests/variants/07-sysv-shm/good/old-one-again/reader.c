/* The signal is caught, in the process itself, and left with siglongjmp(); mincore() tells the memory. */
#define _GNU_SOURCE
#include <fcntl.h>
#include <setjmp.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/shm.h>
#include <unistd.h>

#include "err_sys.h"
#include "px_ipc_name.h"

static sigjmp_buf back;

static void on_segv(int signal_number)
{
	siglongjmp(back, signal_number);
}

int main(int argc, char *argv[])
{
	struct flock lock = { .l_type = F_RDLCK, .l_whence = SEEK_SET };
	const char *mode = argc > 1 ? argv[1] : "";
	char *path = px_ipc_path("key"), *text;
	struct shmid_ds state;
	unsigned char pages[16];
	size_t memory = 0, n = 0, i;
	int id, file;
	key_t key;

	if ((key = ftok(path, 7)) == -1)
		err_sys("ftok");
	if ((id = shmget(key, 1, 0400)) == -1)
		err_sys("shmget");
	if ((text = shmat(id, NULL, SHM_RDONLY)) == (char *)-1)
		err_sys("shmat");
	shmctl(id, IPC_STAT, &state);
	mincore(text, state.shm_segsz, pages);
	for (i = 0; i * 4096 < state.shm_segsz; i++)
		memory += (pages[i] & 1) * 4096;
	printf("reader: it has %zu bytes, %zu in memory, and nattch=%lu\n", state.shm_segsz, memory, state.shm_nattch);
	if (strcmp(mode, "wait") == 0 &&
	    ((file = open(path, O_RDONLY)) == -1 || fcntl(file, F_OFD_SETLKW, &lock) == -1))
		err_sys("fcntl");
	while (n < state.shm_segsz && text[n] != 0)
		n++;
	printf("reader: sees %zu of %zu bytes: \"", n, state.shm_segsz);
	fwrite(text, 1, n < 11 ? n : 11, stdout);
	printf("\"\n");
	if (strcmp(mode, "try") != 0)
		return 0;
	if (shmat(id, NULL, SHM_RDONLY) == (char *)-1)
		err_sys("shmat");
	shmctl(id, IPC_STAT, &state);
	printf("reader: and now nattch=%lu\n", state.shm_nattch);
	signal(SIGSEGV, on_segv);
	if (sigsetjmp(back, 1) == 0)
		((volatile char *)text)[100] = 'X';
	else
		printf("reader: SIGSEGV, and still here\n");
	return 0;
}
