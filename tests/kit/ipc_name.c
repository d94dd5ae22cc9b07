/* ipc_name.c - prints what px_ipc_name() and px_ipc_path() make of a name, or the errno's name. For helpers.bats. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>

#include "px_ipc_name.h"

static void show(char *name)
{
	puts(name != NULL	     ? name :
	     errno == ENAMETOOLONG ? "ENAMETOOLONG" :
	     errno == EINVAL	     ? "EINVAL" :
	     errno == ENOMEM	     ? "ENOMEM" :
				       "another error");
	free(name);
}

/* A name so long that its copy does not fit into the memory that is left. */
static void no_memory(void)
{
	struct rlimit limit = { 200 << 20, 200 << 20 };
	size_t size = 128 << 20;
	char *name;

	setrlimit(RLIMIT_AS, &limit);
	if ((name = malloc(size)) == NULL)
		exit(77);
	memset(name, 'n', size - 1);
	name[size - 1] = '\0';
	show(px_ipc_name(name));
	show(px_ipc_path(name));
	free(name);
}

int main(int argc, char *argv[])
{
	if (argc != 2) {
		no_memory();
		return 0;
	}
	show(px_ipc_name(argv[1]));
	show(px_ipc_path(argv[1]));
	return 0;
}
