/* Unusual and right: the parent looks at its own mapping until the word is whole; "old" is stored through it, too. */
#define _GNU_SOURCE
#include <fcntl.h>
#include <sched.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include "err_sys.h"

struct pages {
	char text[4096];
	atomic_int written;
	char more[3 * 4096];
};

static void look(const char *role, const struct pages *pages, int fd)
{
	char *text = calloc(1, sizeof *pages);

	if (text == NULL || pread(fd, text, sizeof *pages, 0) == -1)
		err_sys("pread");
	printf("%s: sees \"%s\" in its mapping, \"%s\" in the file\n", role, pages->text, text);
	free(text);
}

int main(int argc, char *argv[])
{
	struct pages *pages;
	int fd, status;
	pid_t child;

	if ((fd = open("/tmp", O_RDWR | O_TMPFILE, 0600)) == -1)
		err_sys("open");
	if (ftruncate(fd, sizeof *pages) == -1)
		err_sys("ftruncate");
	pages = mmap(NULL, sizeof *pages, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
	if (pages == MAP_FAILED)
		err_sys("mmap");
	strcpy(pages->text, "old");
	if ((child = fork()) == -1)
		err_sys("fork");
	if (child == 0) {
		strcpy(pages->text, argc > 1 ? argv[1] : "new");
		msync(pages, sizeof *pages, MS_SYNC);
		look("child", pages, fd);
		pages->written = 1;
		return 0;
	}
	while (!pages->written) {
		if (waitpid(child, &status, WNOHANG) == child) {
			child = 0;
			if (status != 0 || !pages->written)
				err_quit("the child has failed");
		}
		sched_yield();
	}
	look("parent", pages, fd);
	if (child != 0 && waitpid(child, NULL, 0) == -1)
		err_sys("waitpid");
	return 0;
}
