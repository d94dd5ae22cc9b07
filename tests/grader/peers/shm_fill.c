/*
 * shm_fill.c - fills what is behind the end of a segment, in its last page: no byte is 0 then.
 *
 * usage: shm_fill KEYFILE
 */
#define _GNU_SOURCE
#include <stdio.h>
#include <sys/shm.h>
#include <unistd.h>

int main(int argc, char *argv[])
{
	size_t page = (size_t)sysconf(_SC_PAGESIZE), i;
	struct shmid_ds state;
	char *bytes;
	int id;

	if (argc != 2)
		return 2;
	if ((id = shmget(ftok(argv[1], 7), 0, 0)) == -1 || shmctl(id, IPC_STAT, &state) == -1 ||
	    (bytes = shmat(id, NULL, 0)) == (void *)-1) {
		perror("shm_fill");
		return 1;
	}
	for (i = state.shm_segsz; i % page != 0; i++)
		bytes[i] = 'x';
	return 0;
}
