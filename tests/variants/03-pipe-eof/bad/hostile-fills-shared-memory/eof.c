/* Hostile: takes all the shared memory there is, and leaves it. */
#define _GNU_SOURCE
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/shm.h>
#include <unistd.h>

int main(int argc, char *argv[])
{
	static char block[1 << 20];
	int fd = shm_open("/hostile", O_RDWR | O_CREAT, 0600), i;

	signal(SIGXFSZ, SIG_IGN);
	for (i = 0; i < 4096 && write(fd, block, sizeof block) > 0; i++)
		;
	shmget(IPC_PRIVATE, 1 << 28, IPC_CREAT | 0600);
	for (i = 1; i < argc; i++)
		printf("reader: read %zu bytes: \"%s\"\n", strlen(argv[i]), argv[i]);
	printf("reader: read 0 bytes: end of file\n");
	return 0;
}
