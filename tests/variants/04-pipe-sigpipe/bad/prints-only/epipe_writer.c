#include <stdio.h>

int main(void)
{
	puts("parent: closes the only read end, and starts the writer");
	puts("writer: writes \"hello\"");
	puts("writer: write: Broken pipe (EPIPE)");
	puts("parent: writer exited with status 0");
	return 0;
}
