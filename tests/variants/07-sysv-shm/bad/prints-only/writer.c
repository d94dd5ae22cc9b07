/* The text, and no shared memory at all. */
#include <stdio.h>

static void step(void)
{
	int c;

	do
		c = getchar();
	while (c != '\n' && c != EOF);
}

int main(void)
{
	setvbuf(stdout, NULL, _IOLBF, 0);
	printf("writer: made a segment of 4097 bytes, and attached it\n");
	step();
	printf("writer: stored 2048 of 4097 bytes\n");
	step();
	printf("writer: stored 4097 of 4097 bytes\n");
	step();
	printf("writer: it is marked (dest), no key finds it, nattch 1\n");
	return 0;
}
