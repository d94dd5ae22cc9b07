/* Hostile: forks without end. */
#include <unistd.h>

int main(void)
{
	for (;;)
		if (fork() == -1)
			continue;
}
