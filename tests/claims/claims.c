/* claims.c - see claims.h. */
#define _GNU_SOURCE
#include "claims.h"

#include <errno.h>
#include <sched.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

/* Shared with the process that tries a claim: what it saw, and what came out. */
static struct report {
	enum verdict verdict;
	char evidence[1000];
} * report;

static const char *const names[] = { "confirmed", "refuted", "depends", "untested" };

enum { TIME_NET = 30 }; /* seconds: an experiment that hangs is ended; none needs a tenth of it */

static void add_evidence(const char *format, va_list args)
{
	size_t used = strlen(report->evidence);

	if (used > 0 && used + 2 < sizeof report->evidence) {
		strcpy(report->evidence + used, "; ");
		used += 2;
	}
	vsnprintf(report->evidence + used, sizeof report->evidence - used, format, args);
}

void saw(const char *format, ...)
{
	va_list args;

	va_start(args, format);
	add_evidence(format, args);
	va_end(args);
}

void cannot(const char *format, ...)
{
	const char *reason = strerror(errno);
	va_list args;

	*report->evidence = '\0';
	va_start(args, format);
	add_evidence(format, args);
	va_end(args);
	saw("%s", reason);
	report->verdict = UNTESTED;
	_exit(0);
}

enum verdict confirmed_if(int condition)
{
	return condition ? CONFIRMED : REFUTED;
}

int child_status(void (*what)(void *), void *arg)
{
	pid_t pid = fork();
	int status;

	if (pid == -1)
		cannot("fork");
	if (pid == 0) {
		what(arg);
		_exit(0);
	}
	if (waitpid(pid, &status, 0) == -1)
		cannot("waitpid");
	return status;
}

int killed_by(int status, int sig)
{
	return WIFSIGNALED(status) && WTERMSIG(status) == sig;
}

int is_asleep(int pid)
{
	char path[40], line[512], *state;
	FILE *in;

	snprintf(path, sizeof path, "/proc/%d/stat", pid);
	for (;;) {
		if ((in = fopen(path, "r")) == NULL || fgets(line, sizeof line, in) == NULL)
			cannot("%s", path);
		fclose(in);
		state = strrchr(line, ')');
		if (state[2] == 'S')
			return 1;
		if (state[2] == 'Z' || state[2] == 'X')
			return 0;
		sched_yield();
	}
}

static void try_one(const struct claim *claim)
{
	pid_t pid;
	int status;

	memset(report, 0, sizeof *report);
	report->verdict = UNTESTED;
	fflush(stdout);
	if ((pid = fork()) == -1) {
		saw("fork: %s", strerror(errno));
		return;
	}
	if (pid == 0) {
		setpgid(0, 0);
		alarm(TIME_NET);
		report->verdict = claim->try_it();
		_exit(0);
	}
	if (waitpid(pid, &status, 0) == pid && !(WIFEXITED(status) && WEXITSTATUS(status) == 0)) {
		report->verdict = UNTESTED;
		saw(WIFSIGNALED(status) ? "the experiment was killed by signal %d"
					: "the experiment ended with wait status %d",
		    WIFSIGNALED(status) ? WTERMSIG(status) : status);
	}
	kill(-pid, SIGKILL); /* whatever it started */
}

static int is_wanted(int argc, char *argv[], const struct claim *claim)
{
	int i;

	for (i = 1; i < argc; i++)
		if (strcmp(argv[i], claim->id) == 0 ||
		    (strncmp(argv[i], "lab=", 4) == 0 && strcmp(argv[i] + 4, claim->lab) == 0))
			return 1;
	return argc == 1;
}

int try_claims(int argc, char *argv[], const struct claim claims[], int count)
{
	int i, differs = 0;

	report = mmap(NULL, sizeof *report, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (report == MAP_FAILED) {
		perror("mmap");
		return 2;
	}
	for (i = 0; i < count; i++) {
		if (!is_wanted(argc, argv, &claims[i]))
			continue;
		try_one(&claims[i]);
		printf("%s\t%s\t%s\t%s\t%s\t%s\n", claims[i].id, claims[i].lab, names[claims[i].recorded],
		       names[report->verdict], claims[i].statement, report->evidence);
		differs |= report->verdict != claims[i].recorded && report->verdict != UNTESTED;
	}
	return differs;
}
