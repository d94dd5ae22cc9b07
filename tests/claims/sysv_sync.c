/* sysv_sync.c - System V shared memory: the exchange of data, and what keeps it in order. */
#define _GNU_SOURCE
#include "sysv.h"

#include <semaphore.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>

static long page;

static void increment(void *counter)
{
	++*(int *)counter;
}

static enum verdict c258(void)
{
	int *counter = (int *)attached(new_segment(IPC_PRIVATE, page, 0600)), seen;

	seen = *counter; /* an increment ... */
	child_status(increment, counter);
	*counter = seen + 1; /* ... with another one between its load and its store */
	saw("two processes have added 1 to 0, one in the midst of the other: %d", *counter);
	return confirmed_if(*counter == 1);
}

struct exchange {
	volatile int data;
	sem_t semaphore;
};

static void store_often(void *arg)
{
	struct exchange *exchange = arg;
	int i;

	for (i = 1; i <= 10000; i++)
		exchange->data = i;
}

static void store_often_locked(void *arg)
{
	struct exchange *exchange = arg;
	int i;

	for (i = 1; i <= 10000; i++) {
		sem_wait(&exchange->semaphore);
		exchange->data = -i;
		sem_post(&exchange->semaphore);
	}
}

static enum verdict c259(void)
{
	struct exchange *exchange = (struct exchange *)attached(new_segment(IPC_PRIVATE, page, 0600));
	long plain, locked;
	int seen;

	if (sem_init(&exchange->semaphore, 1, 1) == -1)
		cannot("sem_init");
	plain = system_calls(store_often, exchange);
	seen = exchange->data;
	locked = system_calls(store_often_locked, exchange);
	saw("10000 stores that end with %d here: %ld system calls; with a free semaphore around each: %ld",
	    seen, plain, locked);
	return confirmed_if(plain == 0 && locked == 0 && seen == 10000 && exchange->data == -10000);
}

static const char spinner[] = "#include <stdlib.h>\n"
			      "#include <sys/shm.h>\n"
			      "#include <unistd.h>\n"
			      "int main(int argc, char *argv[]) {\n"
			      "	char *word = shmat(atoi(argv[argc - 1]), NULL, 0);\n"
			      "	if (word == (void *)-1 || write(1, \"\", 1) != 1) return 1;\n"
			      "	while (word[0] != 'q')\n"
			      "		;\n"
			      "	return 0;\n"
			      "}\n";

struct command {
	char *file, id[12];
	int ready[2];
};

static void run_spinner(void *arg)
{
	struct command *command = arg;

	if (dup2(command->ready[1], STDOUT_FILENO) != -1)
		execl(command->file, command->file, command->id, (char *)NULL);
	cannot("%s", command->file);
}

/* Let PID have 30 ms of processor time: 1 if it used them up, 0 if it has ended. */
static int runs_on(pid_t pid)
{
	struct timespec moment = { .tv_nsec = 1000 * 1000 }, used;
	siginfo_t info = { 0 };
	clockid_t clock;
	long start_ms = -1, ms;

	if (clock_getcpuclockid(pid, &clock) != 0)
		cannot("clock_getcpuclockid");
	for (;;) {
		if (waitid(P_PID, pid, &info, WEXITED | WNOHANG | WNOWAIT) == -1 || info.si_pid == pid)
			return 0;
		if (clock_gettime(clock, &used) == -1)
			cannot("clock_gettime");
		ms = used.tv_sec * 1000 + used.tv_nsec / 1000000;
		if (start_ms == -1)
			start_ms = ms;
		if (ms >= start_ms + 30)
			return 1;
		nanosleep(&moment, NULL);
	}
}

/* Does the program in FILE spin until this process stores "quit"? */
static int ends_at_quit(char *file)
{
	struct command command = { .file = file };
	int id = new_segment(IPC_PRIVATE, page, 0600), before, after;
	char *word = attached(id), byte;
	pid_t pid;

	snprintf(command.id, sizeof command.id, "%d", id);
	if (pipe(command.ready) == -1)
		cannot("pipe");
	pid = start(run_spinner, &command);
	close(command.ready[1]);
	if (read(command.ready[0], &byte, 1) != 1)
		cannot("to start %s", file);
	before = runs_on(pid);
	strcpy(word, "quit");
	after = runs_on(pid);
	kill(pid, SIGKILL);
	status_of(pid);
	saw("%s %s", file, !before ? "ends before \"quit\"" : after ? "spins on" : "ends at \"quit\"");
	return before && !after;
}

static enum verdict c260(void)
{
	int fd = new_file("spinner.c", 0), unoptimised, optimised;
	char answer[200];

	if (write(fd, spinner, sizeof spinner - 1) == -1)
		cannot("write");
	if (shell("cc -O0 -o O0 spinner.c 2>&1 && cc -O1 -o O1 spinner.c 2>&1", answer, sizeof answer) != 0)
		return untested("cc: %s", answer);
	unoptimised = ends_at_quit("./O0");
	optimised = ends_at_quit("./O1");
	return weigh(unoptimised || optimised, !unoptimised || !optimised);
}

static void write_late(void *area)
{
	raise(SIGSTOP); /* as if other processes had the processor */
	strcpy(area, "hello");
}

/* Any length would do: the writer is stopped. */
static void sleep_and_look(void *area)
{
	struct timespec nap = { .tv_nsec = 100 * 1000 * 1000 };

	nanosleep(&nap, NULL);
	_exit(strcmp(area, "hello") == 0);
}

static enum verdict c261(void)
{
	char *area = attached(new_segment(IPC_PRIVATE, page, 0600));
	pid_t writer = start(write_late, area);
	int status, early;

	if (waitpid(writer, &status, WUNTRACED) == -1)
		cannot("waitpid");
	early = WEXITSTATUS(child_status(sleep_and_look, area));
	kill(writer, SIGCONT);
	status_of(writer);
	saw("a writer that is kept from running: the reader, after its sleep, sees %s; later there is \"%s\"",
	    early ? "\"hello\"" : "nothing", area);
	return confirmed_if(early);
}

static const struct claim claims[] = {
	{ "C258", "7", "Shared memory brings no synchronisation of its own", CONFIRMED, c258 },
	{ "C259", "7", "Once the memory is mapped, data is exchanged without a system call", CONFIRMED,
	  c259 },
	{ "C260", "7",
	  "A writer that spins on a plain variable goes on until the reader stores \"quit\" there", DEPENDS,
	  c260 },
	{ "C261", "7", "A sleep in the child makes sure that the parent has finished writing", REFUTED,
	  c261 },
};

int main(int argc, char *argv[])
{
	page = sysconf(_SC_PAGESIZE);
	return try_claims(argc, argv, claims, sizeof claims / sizeof *claims);
}
