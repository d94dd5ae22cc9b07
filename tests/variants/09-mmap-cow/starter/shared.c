/*
 * shared.c - a shared mapping of a file: what one process writes, all see, and it is in the file.
 *
 * usage: shared [WORD]
 */
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include "err_sys.h"
#include "px_ipc_name.h"

int main(int argc, char *argv[])
{
	const char *word = argc > 1 ? argv[1] : "new";

	setvbuf(stdout, NULL, _IOLBF, 0);
	/* 1. A new file of four pages, px_ipc_path("pages"), with "old" in a page. When can its name go? */

	/* 2. Map it with MAP_SHARED, and make a child. */

	/* 3. The child stores the word into the mapping, then looks into it, and into the file with pread():
	 *        child: sees "WORD" in its mapping, "WORD" in the file */
	(void)word;

	/* 4. The parent does not write. When may it look?
	 *        parent: sees "WORD" in its mapping, "WORD" in the file */
	return 0;
}
