/*
 * fifo_write.c - a rude client: it writes each TEXT as it is into the FIFO, in one write(), and goes.
 *
 * usage: fifo_write FIFO [TEXT]...
 */
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

int main(int argc, char *argv[])
{
	int fifo = argc > 1 ? open(argv[1], O_WRONLY) : -1, i;

	if (fifo == -1) {
		perror("fifo_write");
		return 1;
	}
	for (i = 2; i < argc; i++)
		if (write(fifo, argv[i], strlen(argv[i])) == -1)
			perror("fifo_write");
	return 0;
}
