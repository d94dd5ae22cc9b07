/* The key file itself is mapped into memory: shared, but no System V segment. */
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "err_sys.h"
#include "px_ipc_name.h"

static void step(void)
{
	int c;

	do
		c = getchar();
	while (c != '\n' && c != EOF);
}

int main(int argc, char *argv[])
{
	struct flock lock = { .l_type = F_WRLCK, .l_whence = SEEK_SET };
	const char *words = argc > 1 ? argv[1] : "hello ";
	char *path = px_ipc_path("key"), *text;
	int file, i;

	setvbuf(stdout, NULL, _IOLBF, 0);
	if ((file = open(path, O_RDWR | O_CREAT, 0600)) == -1 || fcntl(file, F_SETLK, &lock) == -1 ||
	    ftruncate(file, 4097) == -1)
		err_sys("%s", path);
	if ((text = mmap(NULL, 4097, PROT_READ | PROT_WRITE, MAP_SHARED, file, 0)) == MAP_FAILED)
		err_sys("mmap");
	printf("writer: made 4097 bytes\n");
	step();
	for (i = 0; i < 2048; i++)
		text[i] = words[(size_t)i % strlen(words)];
	printf("writer: stored 2048 of 4097 bytes\n");
	step();
	for (; i < 4097; i++)
		text[i] = words[(size_t)i % strlen(words)];
	printf("writer: stored 4097 of 4097 bytes\n");
	step();
	printf("writer: dest, nattch 1\n");
	unlink(path);
	return 0;
}
