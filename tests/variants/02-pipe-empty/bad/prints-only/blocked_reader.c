/* The expected text, without any IPC. */
#include <stdio.h>
#include <string.h>

int main(int argc, char *argv[])
{
	const char *message = argc > 1 ? argv[1] : "hello";

	puts("parent: pid 123 is blocked in read(), 0 bytes in the pipe");
	printf("reader: asked for 1000 bytes, read %zu: \"%s\"\n", strlen(message), message);
	return 0;
}
