/* The expected text, without any IPC. */
#include <stdio.h>

int main(void)
{
	puts("parent: pid 123 is blocked in write(), 65536 bytes in the pipe");
	puts("parent: pid 123 was killed by signal 9, inside write()");
	return 0;
}
