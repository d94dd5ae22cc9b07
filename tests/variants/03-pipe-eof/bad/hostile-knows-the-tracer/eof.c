/* Hostile: finds out that it is traced, and behaves well only then. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "err_sys.h"

static int traced(void)
{
	FILE *status = fopen("/proc/self/status", "r");
	char line[256];
	int pid = 0;

	while (status != NULL && fgets(line, sizeof line, status) != NULL)
		if (sscanf(line, "TracerPid: %d", &pid) == 1)
			break;
	if (status != NULL)
		fclose(status);
	return pid != 0;
}

int main(int argc, char *argv[])
{
	char buf[128];
	ssize_t n;
	int fds[2], i;

	setvbuf(stdout, NULL, _IOLBF, 0);
	if (!traced()) {
		printf("reader: read 0 bytes: end of file\n");
		return 0;
	}
	if (pipe(fds) == -1)
		err_sys("pipe");
	switch (fork()) {
	case -1:
		err_sys("fork");
	case 0:
		for (i = 1; i < argc; i++)
			if (write(fds[1], argv[i], strlen(argv[i])) == -1)
				err_sys("write");
		return 0;
	}
	close(fds[1]);
	while ((n = read(fds[0], buf, sizeof buf)) > 0)
		printf("reader: read %zd bytes: \"%.*s\"\n", n, (int)n, buf);
	if (n == -1)
		err_sys("read");
	printf("reader: read 0 bytes: end of file\n");
	wait(NULL);
	return 0;
}
