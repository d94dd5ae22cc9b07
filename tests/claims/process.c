/* process.c - what the notes say about children, zombies and orphans, tried. */
#define _GNU_SOURCE
#include "claims.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

/* The first word of FILE of /proc/PID after SKIP, e.g. the state letter; "" if the process is gone. */
static const char *of_process(int pid, const char *file, const char *skip)
{
	static char word[40];
	char path[60], text[4096] = "", *at;
	FILE *in;

	*word = '\0';
	snprintf(path, sizeof path, "/proc/%d/%s", pid, file);
	if ((in = fopen(path, "r")) == NULL)
		return word;
	if (fread(text, 1, sizeof text - 1, in) > 0 && (at = strstr(text, skip)) != NULL)
		sscanf(at + strlen(skip), "%39s", word);
	fclose(in);
	return word;
}

static const char *state_of(int pid)
{
	return of_process(pid, "status", "State:");
}

/* Wait until PID has ended, but leave it as it is: a zombie. */
static void wait_for_end(int pid)
{
	siginfo_t info;

	while (waitid(P_PID, pid, &info, WEXITED | WNOWAIT) == -1)
		if (errno != EINTR)
			cannot("waitid");
}

static void end(void *arg)
{
	(void)arg;
}

static enum verdict c183(void)
{
	int child = start(end, NULL), is_zombie, is_gone;

	wait_for_end(child);
	is_zombie = strcmp(state_of(child), "Z") == 0;
	saw("ended, not waited for: state %s", state_of(child));
	status_of(child);
	is_gone = kill(child, 0) == -1 && errno == ESRCH;
	saw("after waitpid: %s", is_gone ? "gone" : "still there");
	return confirmed_if(is_zombie && is_gone);
}

static void take_memory(void *arg)
{
	void *memory = mmap(NULL, *(size_t *)arg, PROT_READ | PROT_WRITE,
			    MAP_PRIVATE | MAP_ANONYMOUS | MAP_POPULATE, -1, 0);

	if (memory == MAP_FAILED)
		cannot("mmap");
	pause();
}

static enum verdict c184(void)
{
	size_t size = 32 << 20;
	int child = start(take_memory, &size);
	long alive, as_zombie;

	is_asleep(child);
	alive = atol(of_process(child, "statm", " ")) * sysconf(_SC_PAGESIZE);
	kill(child, SIGKILL);
	wait_for_end(child);
	as_zombie = atol(of_process(child, "statm", " ")) * sysconf(_SC_PAGESIZE);
	saw("a child has %ld MiB resident, as a zombie (state %s) %ld", alive >> 20, state_of(child),
	    as_zombie >> 20);
	return confirmed_if(as_zombie >= alive);
}

static enum verdict c185(void)
{
	int child, waited, error, is_zombie;

	signal(SIGCHLD, SIG_IGN);
	child = start(end, NULL);
	waited = waitpid(child, NULL, 0); /* comes back when the last child has ended, in any case */
	error = errno;
	saw("SIGCHLD ignored: waitpid gives %s", outcome(waited));
	is_zombie = strcmp(state_of(child), "Z") == 0;
	saw("the child is %s", is_zombie ? "a zombie" : "gone by itself");
	return confirmed_if(is_zombie || waited != -1 || error != ECHILD);
}

static volatile sig_atomic_t signals;

static void count_signal(int sig)
{
	(void)sig;
	signals++;
}

static void have_a_child_that_ends(void *arg)
{
	(void)arg;
	wait_for_end(start(end, NULL));
}

static enum verdict c186(void)
{
	struct sigaction action;
	int unharmed;

	if (sigaction(SIGCHLD, NULL, &action) == -1)
		cannot("sigaction");
	unharmed = child_status(have_a_child_that_ends, NULL) == 0;
	signal(SIGCHLD, count_signal);
	have_a_child_that_ends(NULL);
	saw("with a handler: SIGCHLD arrived %d time%s", (int)signals, signals == 1 ? "" : "s");
	saw("with the default action the parent %s", unharmed ? "does not notice" : "is ended");
	return confirmed_if(action.sa_handler == SIG_DFL && signals == 1 && unharmed);
}

struct orphan {
	int go[2], answer[2];
};

static void orphan(void *arg)
{
	struct orphan *pipes = arg;
	int parent;
	char byte;

	if (read(pipes->go[0], &byte, 1) == 1) {
		parent = getppid();
		if (write(pipes->answer[1], &parent, sizeof parent) == -1)
			_exit(1);
	}
}

static void leave_an_orphan(void *arg)
{
	start(orphan, arg);
}

/* Who is the parent of a process after its parent has ended? */
static int new_parent(void)
{
	struct orphan pipes;
	int parent;

	if (pipe(pipes.go) == -1 || pipe(pipes.answer) == -1)
		cannot("pipe");
	child_status(leave_an_orphan, &pipes);
	if (write(pipes.go[1], "x", 1) != 1 || read(pipes.answer[0], &parent, sizeof parent) != sizeof parent)
		cannot("to ask the orphan");
	return parent;
}

static enum verdict c187(void)
{
	int usual = new_parent(), with_subreaper;

	if (prctl(PR_SET_CHILD_SUBREAPER, 1) == -1)
		cannot("prctl");
	with_subreaper = new_parent();
	saw("the orphan's new parent is %s", usual == 1 ? "process 1" : "an ancestor that is a subreaper");
	saw("with PR_SET_CHILD_SUBREAPER in an ancestor it is %s",
	    with_subreaper == getpid() ? "that ancestor" : "another process");
	if (usual != with_subreaper)
		return DEPENDS;
	return confirmed_if(usual == 1);
}

static const struct claim claims[] = {
	{ "C183", "8", "A child that has ended and was not waited for is a zombie", CONFIRMED, c183 },
	{ "C184", "8", "A zombie is a memory leak", REFUTED, c184 },
	{ "C185", "8", "A parent has to call wait() or it gets zombies", REFUTED, c185 },
	{ "C186", "8", "The parent gets SIGCHLD, which does nothing by default", CONFIRMED, c186 },
	{ "C187", "8", "A process whose parent has ended becomes a child of init, process 1", DEPENDS, c187 },
};

int main(int argc, char *argv[])
{
	return try_claims(argc, argv, claims, sizeof claims / sizeof *claims);
}
