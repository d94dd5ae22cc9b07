/*
 * fifo_newline.c - starts a program with a newline for each '|' in its arguments.
 *
 * usage: fifo_newline PROGRAM [ARG]...
 */
#include <stdio.h>
#include <string.h>
#include <unistd.h>

int main(int argc, char *argv[])
{
	int i;

	for (i = 2; i < argc; i++)
		for (char *at = argv[i]; (at = strchr(at, '|')) != NULL;)
			*at = '\n';
	if (argc > 1)
		execv(argv[1], argv + 1);
	perror("fifo_newline");
	return 127;
}
