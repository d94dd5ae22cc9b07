/*
 * shm_attach.c - has a segment attached several times, until it is killed.
 *
 * usage: shm_attach KEYFILE TIMES
 */
#define _GNU_SOURCE
#include <stdio.h>
#include <stdlib.h>
#include <sys/shm.h>
#include <unistd.h>

int main(int argc, char *argv[])
{
	int id, i;

	if (argc != 3)
		return 2;
	if ((id = shmget(ftok(argv[1], 7), 0, 0)) == -1) {
		perror("shm_attach");
		return 1;
	}
	for (i = 0; i < atoi(argv[2]); i++)
		if (shmat(id, NULL, SHM_RDONLY) == (void *)-1) {
			perror("shm_attach");
			return 1;
		}
	for (;;)
		pause();
}
