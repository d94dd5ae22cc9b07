/* Unusual and right: a file without a name, eight pages, mapped by each process for itself; a pipe tells the parent. */
#define _GNU_SOURCE
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/uio.h>
#include <sys/wait.h>
#include <unistd.h>

#include "err_sys.h"

enum { PAGES = 8, AT = 5 };
static size_t page;

static char *map_it(int fd)
{
	char *map = mmap(NULL, PAGES * page, PROT_READ | PROT_WRITE, MAP_SHARED_VALIDATE, fd, 0);

	if (map == MAP_FAILED)
		err_sys("mmap");
	return map + AT * page + 7;
}

static void look(const char *who, const char *at, int fd)
{
	char text[64] = "", more[65] = "";
	struct iovec iov[] = { { text, sizeof text }, { more, 64 } };

	if (lseek(fd, (off_t)(AT * page + 7), SEEK_SET) == -1 || readv(fd, iov, 2) == -1)
		err_sys("readv");
	printf("The %s sees \"%s\" in the mapping, and \"%.64s%s\" in the file.\r\n", who, at, text, more);
}

int main(int argc, char *argv[])
{
	int fd, fds[2];
	siginfo_t info;
	char *at, byte;

	page = (size_t)sysconf(_SC_PAGESIZE);
	if ((fd = memfd_create("pages", 0)) == -1)
		err_sys("memfd_create");
	if (ftruncate(fd, (off_t)(PAGES * page)) == -1)
		err_sys("ftruncate");
	if (pwrite(fd, "old", 4, (off_t)(AT * page + 7)) == -1 || pipe(fds) == -1)
		err_sys("a call");
	switch (fork()) {
	case -1:
		err_sys("fork");
	case 0:
		at = map_it(fd);
		strcpy(at, argc > 1 ? argv[1] : "new");
		look("child", at, fd);
		fflush(stdout);
		if (write(fds[1], "", 1) != 1)
			err_sys("write");
		_exit(0);
	}
	close(fds[1]);
	at = map_it(fd);
	if (read(fds[0], &byte, 1) != 1)
		err_quit("the child has not written");
	look("parent", at, fd);
	if (waitid(P_ALL, 0, &info, WEXITED) == -1)
		err_sys("waitid");
	return 0;
}
