/* px_ipc_name.c - see px_ipc_name.h. */
#include "px_ipc_name.h"

#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#ifndef NAME_MAX
#define NAME_MAX 255
#endif

/* DIRECTORY, the prefix and NAME in one string. */
static char *join(const char *directory, const char *prefix, const char *name)
{
	const char *slash = *directory != '\0' && *prefix != '/' ? "/" : "";
	size_t size = strlen(directory) + strlen(slash) + strlen(prefix) + strlen(name) + 1;
	const char *last;
	char *joined;

	if (*name == '\0' || strchr(name, '/') != NULL) {
		errno = EINVAL;
		return NULL;
	}
	if ((joined = malloc(size)) == NULL)
		return NULL;
	snprintf(joined, size, "%s%s%s%s", directory, slash, prefix, name);

	last = strrchr(joined, '/');
	if (strlen(last != NULL ? last + 1 : joined) > NAME_MAX - 4) {
		free(joined);
		errno = ENAMETOOLONG;
		return NULL;
	}
	return joined;
}

/* The environment's prefix, or else the default one, which is written into DEFAULT_PREFIX. */
static const char *prefix_of_run(char default_prefix[], size_t size)
{
	const char *prefix = getenv("PX_IPC_NAME");

	if (prefix != NULL && *prefix != '\0')
		return prefix;
	snprintf(default_prefix, size, "/ipclab-%lu-", (unsigned long)getuid());
	return default_prefix;
}

char *px_ipc_name(const char *name)
{
	char default_prefix[40];

	return join("", prefix_of_run(default_prefix, sizeof default_prefix), name);
}

char *px_ipc_path(const char *name)
{
	char default_prefix[40];
	const char *prefix = prefix_of_run(default_prefix, sizeof default_prefix);
	const char *directory = getenv("TMPDIR");

	if (strchr(prefix + 1, '/') != NULL)
		return join("", prefix, name);
	if (directory == NULL || *directory == '\0')
		directory = "/tmp";
	return join(directory, prefix, name);
}
