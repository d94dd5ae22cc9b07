/* The expected text, without any IPC. */
#include <stdio.h>
#include <string.h>

int main(int argc, char *argv[])
{
	int i;

	for (i = 1; i < argc; i++)
		printf("writer: writes \"%s\"\n", argv[i]);
	for (i = 1; i < argc; i++)
		printf("reader: read %zu bytes: \"%s\"\n", strlen(argv[i]), argv[i]);
	printf("reader: read 0 bytes: end of file\n");
	return 0;
}
