/*
 * inherit.c - starts a program as somebody would who has a signal ignored or blocked: both survive execve().
 *
 * usage: inherit ignored|blocked SIGNAL PROGRAM [ARG]...      SIGNAL: PIPE, CHLD, INT, TERM or a number
 */
#define _GNU_SOURCE
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static int number_of(const char *name)
{
	int sig;

	for (sig = 1; sig < NSIG; sig++)
		if (sigabbrev_np(sig) != NULL && strcmp(sigabbrev_np(sig), name) == 0)
			return sig;
	return atoi(name);
}

int main(int argc, char *argv[])
{
	sigset_t set;
	int sig;

	if (argc < 4 || (sig = number_of(argv[2])) == 0) {
		fprintf(stderr, "usage: inherit ignored|blocked SIGNAL PROGRAM [ARG]...\n");
		return 2;
	}
	sigemptyset(&set);
	sigaddset(&set, sig);
	if (strcmp(argv[1], "ignored") == 0)
		signal(sig, SIG_IGN);
	else
		sigprocmask(SIG_BLOCK, &set, NULL);
	execv(argv[3], argv + 3);
	perror(argv[3]);
	return 127;
}
