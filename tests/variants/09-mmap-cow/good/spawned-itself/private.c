/* Unusual and right: the child is this program again, made by posix_spawn(), and opens the file by its name. */
#define _GNU_SOURCE
#include <fcntl.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include "err_sys.h"

static char path[] = "/tmp/lab9-XXXXXX";

static void play(const char *role, int fd, const char *word)
{
	size_t page = (size_t)sysconf(_SC_PAGESIZE);
	static char text[102];
	char *map = mmap(NULL, 4 * page, PROT_READ | PROT_WRITE, MAP_PRIVATE, fd, 0);
	unsigned sum = 0;

	if (map == MAP_FAILED)
		err_sys("mmap");
	for (int i = 0; i < 4; i++)
		sum += (unsigned char)map[(size_t)i * page];
	if (sum == 0)
		err_quit("nothing is in the file");
	if (word != NULL)
		strcpy(map + 3 * page, word);
	if (lseek(fd, (off_t)(3 * page), SEEK_SET) == -1 || read(fd, text, 101) == -1)
		err_sys("read");
	printf("%s: sees \"%s\" in its mapping, \"%s\" in the file\n", role, map + 3 * page, text);
}

int main(int argc, char *argv[])
{
	char *again[] = { argv[0], "--child", path, argc > 1 ? argv[1] : "new", NULL }, *none[] = { NULL };
	size_t page = (size_t)sysconf(_SC_PAGESIZE);
	int fd, status = 0, error;
	pid_t pid;

	if (argc == 4) {
		if ((fd = open(argv[2], O_RDWR)) == -1)
			err_sys("open");
		play("child", fd, argv[3]);
		return 0;
	}
	if ((fd = mkostemp(path, O_CLOEXEC)) == -1)
		err_sys("mkostemp");
	for (size_t i = 0; i < 4 * page; i += 4)
		if (write(fd, "old", 4) != 4) {
			unlink(path);
			err_quit("write");
		}
	if ((error = posix_spawn(&pid, argv[0], NULL, NULL, again, none)) != 0) {
		unlink(path);
		err_quit("posix_spawn: %s", strerror(error));
	}
	if (waitpid(pid, &status, 0) == -1)
		err_sys("waitpid");
	unlink(path);
	if (status != 0)
		err_quit("the child has failed");
	play("parent", fd, NULL);
	return 0;
}
