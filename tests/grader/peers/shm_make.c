/*
 * shm_make.c - leaves a segment behind: of SIZE bytes, COUNT of them copies of TEXT, the rest 0 (with REST: one 0, then
 * copies of it); what is behind its end, in its last page, is not 0.
 *
 * usage: shm_make KEYFILE SIZE COUNT TEXT [REST]
 */
#define _GNU_SOURCE
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/shm.h>
#include <unistd.h>

int main(int argc, char *argv[])
{
	size_t size, count, page = (size_t)sysconf(_SC_PAGESIZE), i;
	char *bytes;
	int id;

	if (argc != 5 && argc != 6)
		return 2;
	size = strtoul(argv[2], NULL, 10);
	count = strtoul(argv[3], NULL, 10);
	if (open(argv[1], O_RDWR | O_CREAT, 0600) == -1 ||
	    (id = shmget(ftok(argv[1], 7), size, IPC_CREAT | IPC_EXCL | 0600)) == -1 ||
	    (bytes = shmat(id, NULL, 0)) == (void *)-1) {
		perror("shm_make");
		return 1;
	}
	for (i = 0; i < count; i++)
		bytes[i] = argv[4][i % strlen(argv[4])];
	for (i = count + 1; argc == 6 && i < size; i++)
		bytes[i] = argv[5][i % strlen(argv[5])];
	for (i = size; i % page != 0; i++)
		bytes[i] = 'x';
	return 0;
}
