/*
 * private.c - a private mapping of a file: the first write to a page copies it, for the writer alone.
 *
 * usage: private [WORD]
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
	/* 1. A new file of four pages, as in shared.c. Map it with MAP_PRIVATE, and make a child. */

	/* 2. The child reads a byte of each page. Has anything been copied (/proc/self/smaps, Anonymous)? */

	/* 3. It stores the word into one page, then looks into its mapping, and into the file with pread():
	 *        child: sees "WORD" in its mapping, "old" in the file */
	(void)word;

	/* 4. The parent looks when the child has written:
	 *        parent: sees "old" in its mapping, "old" in the file */
	return 0;
}
