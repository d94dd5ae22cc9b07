/*
 * shared.c - a shared mapping of a file: what one process writes, all see, and it is in the file.
 *
 * usage: shared [WORD]
 *
 * Parent and child have the same file mapped, with "old" in each of its pages. The child reads them all,
 * writes WORD to one (1 to 100 bytes, "new" unless told otherwise), and both say what they see then.
 * The kernel tells which pages are copies. Compare with private.c: one flag of mmap() is different.
 */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include "err_sys.h"
#include "px_ipc_name.h"

enum { PAGES = 4, TARGET = 2 };

/* A file of PAGES pages. Its name goes at once: the descriptor is enough, and nothing can stay behind. */
static int new_file(size_t page)
{
	char *path = px_ipc_path("pages");
	sigset_t all, before;
	int fd;

	if (path == NULL)
		err_sys("px_ipc_path");
	sigfillset(&all);
	sigprocmask(SIG_BLOCK, &all, &before); /* no Ctrl-C just now */
	while ((fd = open(path, O_RDWR | O_CREAT | O_EXCL, 0600)) == -1)
		if (errno != EEXIST || (unlink(path) == -1 && errno != ENOENT)) /* a killed run left it */
			err_sys("open %s", path);
	if (unlink(path) == -1 && errno != ENOENT)
		err_sys("unlink %s", path);
	sigprocmask(SIG_SETMASK, &before, NULL);
	free(path);
	if (ftruncate(fd, (off_t)(PAGES * page)) == -1) /* access beyond the end of the file is a SIGBUS */
		err_sys("ftruncate");
	for (size_t i = 0; i < PAGES; i++)
		if (pwrite(fd, "old", 4, (off_t)(i * page)) != 4)
			err_sys("pwrite");
	return fd;
}

/* Whose is each page of the mapping? Bits 61 to 63 of its entry in /proc/self/pagemap say so: proc(5). */
static void show_pages(const char *when, int pagemap, const char *map, size_t page)
{
	uint64_t entry[PAGES];
	off_t offset = (off_t)((uintptr_t)map / page * sizeof *entry);

	if (pread(pagemap, entry, sizeof entry, offset) != sizeof entry) {
		printf("child: pages 0 to %d %s: unknown (no /proc/self/pagemap)\n", PAGES - 1, when);
		return;
	}
	printf("child: pages 0 to %d %s:", PAGES - 1, when);
	for (int i = 0; i < PAGES; i++)
		printf(entry[i] >> 62 != 0 && (entry[i] >> 61 & 1) == 0 ? " copy" : " file");
	printf("\n");
}

static void look(const char *role, const char *map, int fd, size_t page)
{
	char text[128] = "";

	if (pread(fd, text, sizeof text - 1, (off_t)(TARGET * page)) == -1)
		err_sys("pread");
	printf("%s: sees \"%s\" in its mapping, \"%s\" in the file\n", role, map + TARGET * page, text);
}

static void child(char *map, int fd, size_t page, const char *word)
{
	int pagemap = open("/proc/self/pagemap", O_RDONLY);

	for (size_t i = 0; i < PAGES; i++)
		(void)*(volatile char *)(map + i * page);
	show_pages("after reading", pagemap, map, page);
	printf("child: writes \"%s\" to page %d\n", word, TARGET);
	memcpy(map + TARGET * page, word, strlen(word) + 1);
	show_pages("after writing", pagemap, map, page);
	look("child", map, fd, page);
}

int main(int argc, char *argv[])
{
	const char *word = argc > 1 ? argv[1] : "new";
	size_t page = (size_t)sysconf(_SC_PAGESIZE);
	int fd, status;
	char *map;

	setvbuf(stdout, NULL, _IOLBF, 0);
	if (argc > 2 || strlen(word) < 1 || strlen(word) > 100)
		err_quit("usage: shared [WORD]   (1 to 100 bytes)");
	signal(SIGCHLD, SIG_DFL); /* if it came ignored, wait() would find no child */
	fd = new_file(page);
	map = mmap(NULL, PAGES * page, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
	if (map == MAP_FAILED)
		err_sys("mmap");

	switch (fork()) {
	case -1:
		err_sys("fork");
	case 0:
		child(map, fd, page, word);
		return 0;
	}
	if (wait(&status) == -1)
		err_sys("wait");
	if (WIFSIGNALED(status))
		psignal(WTERMSIG(status), "child");
	if (status == 0)
		look("parent", map, fd, page);
	return status != 0;
}
