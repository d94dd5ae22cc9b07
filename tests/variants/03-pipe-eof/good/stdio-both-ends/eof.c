/* Unusual and right: both ends are stdio streams; what is read is told byte by byte. */
#define _GNU_SOURCE
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include "err_sys.h"

int main(int argc, char *argv[])
{
	int fds[2], byte, i;
	FILE *in, *out;

	setbuf(stdout, NULL);
	if (pipe(fds) == -1)
		err_sys("pipe");
	switch (fork()) {
	case -1:
		err_sys("fork");
	case 0:
		fclose(fdopen(fds[0], "r"));
		out = fdopen(fds[1], "w");
		for (i = 1; i < argc; i++)
			fputs(argv[i], out);
		if (fclose(out) == EOF)
			err_sys("fclose");
		exit(0);
	}
	close(fds[1]);
	in = fdopen(fds[0], "r");
	while ((byte = getc(in)) != EOF)
		printf("reader: read 1 byte: \"%c\"\n", byte);
	if (ferror(in))
		err_sys("getc");
	printf("reader: read 0 bytes: end of file\n");
	wait(NULL);
	return 0;
}
