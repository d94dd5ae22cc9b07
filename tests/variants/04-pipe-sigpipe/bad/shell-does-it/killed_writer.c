#include <stdio.h>
#include <stdlib.h>

#include "err_sys.h"

int main(void)
{
	if (system("trap - PIPE; { while echo hello; do :; done; } 2>/dev/null | read line") == -1)
		err_sys("system");
	printf("parent: writer was killed by signal 13\n");
	return 0;
}
