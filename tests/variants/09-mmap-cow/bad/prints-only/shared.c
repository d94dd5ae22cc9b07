/* The expected text, without a mapping. */
#include <stdio.h>

int main(int argc, char *argv[])
{
	const char *word = argc > 1 ? argv[1] : "new";

	printf("child: sees \"%s\" in its mapping, \"%s\" in the file\n", word, word);
	printf("parent: sees \"%s\" in its mapping, \"%s\" in the file\n", word, word);
	return 0;
}
