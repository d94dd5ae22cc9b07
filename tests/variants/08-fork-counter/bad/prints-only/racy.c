/* The expected text, without a counter. */
#include <stdio.h>
#include <stdlib.h>

int main(int argc, char *argv[])
{
	int times = argc > 1 ? atoi(argv[1]) : 20;

	printf("parent: counter is %d, expected %d: %d updates lost\n", times, 2 * times, times);
	return 0;
}
