#include <stdio.h>

int main(void)
{
	puts("writer: writes \"hello\" and exits");
	puts("reader: read 5 bytes: \"hello\"");
	puts("reader: nothing to read, but no end of file: a plain read() would block for ever");
	puts("reader: closes fd 4, its own write end");
	puts("reader: read 0 bytes: end of file");
	return 0;
}
