/* Unusual and right: the descriptor is read-only, which does for a private mapping; SIGCHLD tells the parent. */
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include "err_sys.h"
#include "px_ipc_name.h"

static void look(const char *role, const char *map, int fd)
{
	char text[128] = "";

	if (pread(fd, text, sizeof text - 1, 100) == -1)
		err_sys("pread");
	printf("%s: sees \"%s\" in its mapping, \"%s\" in the file\n", role, map + 100, text);
}

int main(int argc, char *argv[])
{
	char *map, *path = px_ipc_path("old"), page[4096] = "";
	int fd, in, status, sig;
	sigset_t set;

	setvbuf(stdout, NULL, _IOLBF, 0);
	sigemptyset(&set);
	sigaddset(&set, SIGCHLD);
	sigprocmask(SIG_BLOCK, &set, NULL);
	if ((fd = open(path, O_WRONLY | O_CREAT | O_TRUNC, 0600)) == -1)
		err_sys("open");
	strcpy(page + 100, "old");
	for (int i = 0; i < 6; i++)
		if (write(fd, page, sizeof page) != sizeof page)
			err_sys("write");
	if ((in = open(path, O_RDONLY)) == -1 || unlink(path) == -1)
		err_sys("open");
	close(fd);
	map = mmap(NULL, 6 * 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE, in, 0);
	if (map == MAP_FAILED)
		err_sys("mmap");
	switch (fork()) {
	case -1:
		err_sys("fork");
	case 0:
		if (memchr(map, 'x', 6 * 4096) != NULL)
			return 1;
		memcpy(map + 100, argc > 1 ? argv[1] : "new", strlen(argc > 1 ? argv[1] : "new") + 1);
		look("child", map, in);
		return 0;
	}
	sigwait(&set, &sig);
	if (wait(&status) == -1 || status != 0)
		err_quit("the child has failed");
	look("parent", map, in);
	return 0;
}
