/* Unusual and right: "old" is stored through a shared mapping of the parent's own; the file is looked at with stdio. */
#define _GNU_SOURCE
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include "err_sys.h"

static const size_t pages = 4;

static char *map_it(int fd, int how)
{
	char *map = mmap(NULL, pages * 4096, PROT_READ | PROT_WRITE, how, fd, 0);

	if (map == MAP_FAILED)
		err_sys("mmap");
	return map;
}

static void look(const char *role, const char *map, FILE *file)
{
	char text[128] = "";

	rewind(file);
	if (fread(text, 1, sizeof text - 1, file) == 0)
		err_sys("fread");
	printf("%s: sees \"%s\" in its mapping, \"%s\" in the file\n", role, map, text);
}

int main(int argc, char *argv[])
{
	volatile char seen = 0;
	char *map;
	FILE *file;
	pid_t pid;
	int fd, status;

	if ((fd = shm_open("/lab9-pages", O_RDWR | O_CREAT | O_TRUNC, 0600)) == -1)
		err_sys("shm_open");
	shm_unlink("/lab9-pages");
	if (ftruncate(fd, (off_t)pages * 4096) == -1)
		err_sys("ftruncate");
	map = map_it(fd, MAP_SHARED);
	strcpy(map, "old");
	munmap(map, pages * 4096);
	map = map_it(fd, MAP_PRIVATE);
	if ((file = fdopen(fd, "r+")) == NULL)
		err_sys("fdopen");
	if ((pid = vfork()) == -1) /* only to show that a child may come and go */
		err_sys("vfork");
	if (pid == 0)
		_exit(0);
	waitpid(pid, NULL, 0);
	if ((pid = fork()) == -1)
		err_sys("fork");
	if (pid == 0) {
		for (size_t i = 0; i < pages; i++)
			seen = map[i * 4096];
		strcpy(map, argc > 1 ? argv[1] : "new");
		look("child", map, file);
		fflush(stdout);
		_exit(seen);
	}
	if (wait4(pid, &status, 0, NULL) == -1)
		err_sys("wait4");
	if (status != 0)
		err_quit("the child has failed");
	look("parent", map, file);
	return 0;
}
