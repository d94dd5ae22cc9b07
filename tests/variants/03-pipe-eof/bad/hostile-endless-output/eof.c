/* Hostile: fills the disk with its output. */
#include <stdio.h>

int main(void)
{
	for (;;)
		puts("reader: read 5 bytes: \"hello\"");
}
