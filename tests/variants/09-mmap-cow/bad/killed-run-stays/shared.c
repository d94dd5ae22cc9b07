/* The name is fixed, and removed at the end only: if a run is killed, none can start any more. */
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include "err_sys.h"

static void look(const char *role, const char *map, int fd)
{
	char text[128] = "";

	if (pread(fd, text, sizeof text - 1, 0) == -1)
		err_sys("pread");
	printf("%s: sees \"%s\" in its mapping, \"%s\" in the file\n", role, map, text);
}

int main(int argc, char *argv[])
{
	const char *word = argc > 1 ? argv[1] : "new";
	int fd = open("/tmp/pages", O_RDWR | O_CREAT | O_EXCL, 0600), status;
	char *map;

	if (fd == -1)
		err_sys("open");
	if (ftruncate(fd, 4 * 4096) == -1 || pwrite(fd, "old", 4, 0) == -1)
		err_sys("the file");
	if ((map = mmap(NULL, 4 * 4096, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0)) == MAP_FAILED)
		err_sys("mmap");
	switch (fork()) {
	case -1:
		err_sys("fork");
	case 0:
		strcpy(map, word);
		look("child", map, fd);
		return 0;
	}
	if (wait(&status) == -1 || status != 0)
		err_quit("the child has failed");
	look("parent", map, fd);
	unlink("/tmp/pages");
	return 0;
}
