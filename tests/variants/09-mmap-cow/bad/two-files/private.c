/* Parent and child have a file each: of course neither sees what the other one writes. */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include "err_sys.h"

static void look(const char *role, const char *word)
{
	char path[] = "/tmp/pagesXXXXXX", text[128] = "", *map;
	int fd = mkstemp(path), i;

	if (fd == -1 || unlink(path) == -1 || ftruncate(fd, 4 * 4096) == -1)
		err_sys("%s", path);
	for (i = 0; i < 4; i++)
		if (pwrite(fd, "old", 4, i * 4096) == -1)
			err_sys("pwrite");
	if ((map = mmap(NULL, 4 * 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE, fd, 0)) == MAP_FAILED)
		err_sys("mmap");
	for (i = 0; i < 4; i++)
		(void)*(volatile char *)(map + i * 4096);
	if (word != NULL)
		strcpy(map + 4096, word);
	if (pread(fd, text, 127, 4096) == -1)
		err_sys("pread");
	printf("%s: sees \"%s\" in its mapping, \"%s\" in the file\n", role, map + 4096, text);
}

int main(int argc, char *argv[])
{
	pid_t pid;

	if ((pid = fork()) == -1)
		err_sys("fork");
	if (pid == 0) {
		look("child", argc > 1 ? argv[1] : "new");
		return 0;
	}
	wait(NULL);
	look("parent", NULL);
	return 0;
}
