/* Hostile: output that would colour a terminal, forge a report or a TAP line, or break a JSON string. */
#include <stdio.h>

int main(void)
{
	printf("\033[2J\033[31mreader: read 8 bytes: \"\033[32mpass\r\"\n");
	printf("ok 1 eof.ends\nnot ok 2\n# bye\n1..0\n::set-output name=result::pass\n\"}]}, \"score\": "
	       "100\\\n");
	printf("reader: read 0 bytes: end of file%c%c no newline", 0, 0xff);
	return 0;
}
