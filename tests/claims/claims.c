/* claims.c - see claims.h. */
#define _GNU_SOURCE
#include "claims.h"

#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <grp.h>
#include <sched.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/ptrace.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

enum { TIME_NET = 30 }; /* seconds: an experiment that hangs is ended; none needs a tenth of it */
enum { UNDO_MAX = 16 };

/* Shared with the process that tries a claim: what it saw, what came out, what it leaves to undo. */
static struct report {
	enum verdict verdict;
	int impossible;
	char evidence[1000];
	struct {
		void (*call)(int);
		int id;
	} undo[UNDO_MAX];
	int undos;
} * report;

static const char *const names[] = { "confirmed", "refuted", "depends", "untested" };

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
	int error = errno; /* of the call that is reported on: the experiment may want to look at it again */
	va_list args;

	if (report->impossible)
		return;
	va_start(args, format);
	add_evidence(format, args);
	va_end(args);
	errno = error;
}

_Noreturn void cannot(const char *format, ...)
{
	const char *reason = strerror(errno);
	va_list args;

	if (report->impossible)
		_exit(0); /* a child has given the reason */
	*report->evidence = '\0';
	va_start(args, format);
	add_evidence(format, args);
	va_end(args);
	saw("%s", reason);
	report->impossible = 1;
	_exit(0);
}

enum verdict confirmed_if(int condition)
{
	return condition ? CONFIRMED : REFUTED;
}

enum verdict weigh(int in_favour, int against)
{
	if (in_favour && against)
		return DEPENDS;
	return confirmed_if(in_favour);
}

int start(void (*what)(void *), void *arg)
{
	pid_t pid = fork();

	if (pid == -1)
		cannot("fork");
	if (pid == 0) {
		what(arg);
		_exit(0);
	}
	return pid;
}

int status_of(int pid)
{
	int status;

	if (waitpid(pid, &status, 0) == -1)
		cannot("waitpid");
	return status;
}

int child_status(void (*what)(void *), void *arg)
{
	return status_of(start(what, arg));
}

int shell(const char *command, char *answer, size_t size)
{
	FILE *from = popen(command, "r");
	size_t length;
	char *end;

	if (from == NULL)
		cannot("popen");
	length = fread(answer, 1, size - 1, from);
	answer[length] = '\0';
	while ((end = strchr(answer, '\n')) != NULL)
		*end = end[1] == '\0' ? '\0' : ' ';
	return pclose(from);
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

enum verdict untested(const char *format, ...)
{
	va_list args;

	va_start(args, format);
	add_evidence(format, args);
	va_end(args);
	return UNTESTED;
}

void afterwards(void (*undo)(int), int id)
{
	if (report->undos == UNDO_MAX) {
		undo(id);
		errno = ENOBUFS;
		cannot("too many things to undo");
	}
	report->undo[report->undos].call = undo;
	report->undo[report->undos++].id = id;
}

int new_file(const char *name, long size)
{
	int fd = open(name, O_RDWR | O_CREAT | O_EXCL, 0600);

	if (fd == -1 || ftruncate(fd, size) == -1)
		cannot("a file of %ld bytes", size);
	return fd;
}

static sigjmp_buf before_access;
static volatile sig_atomic_t fault;

static void on_fault(int sig)
{
	fault = sig;
	siglongjmp(before_access, 1);
}

static int try_byte(volatile char *address, int is_write)
{
	struct sigaction action = { .sa_handler = on_fault }, segv, bus;
	volatile char byte = 'w';

	sigaction(SIGSEGV, &action, &segv);
	sigaction(SIGBUS, &action, &bus);
	fault = 0;
	if (sigsetjmp(before_access, 1) == 0) {
		if (is_write)
			*address = byte;
		else
			byte = *address;
	}
	sigaction(SIGSEGV, &segv, NULL);
	sigaction(SIGBUS, &bus, NULL);
	return fault;
}

int reading(const void *address)
{
	return try_byte((char *)address, 0);
}

int writing(void *address)
{
	return try_byte(address, 1);
}

const char *signal_name(int sig)
{
	static char name[20];

	if (sig == 0)
		return "works";
	snprintf(name, sizeof name, "SIG%s", sigabbrev_np(sig));
	return name;
}

const char *outcome(long result)
{
	return result == -1 ? strerrorname_np(errno) : "ok";
}

long smaps_kb(const void *address, const char *field)
{
	unsigned long where = (unsigned long)address, from, to;
	FILE *in = fopen("/proc/self/smaps", "r");
	char line[512];
	long kb = -1;
	int here = 0;

	if (in == NULL)
		cannot("/proc/self/smaps");
	while (kb == -1 && fgets(line, sizeof line, in) != NULL) {
		if (sscanf(line, "%lx-%lx ", &from, &to) == 2)
			here = from <= where && where < to;
		else if (here && strncmp(line, field, strlen(field)) == 0)
			sscanf(line + strlen(field), "%ld", &kb);
	}
	fclose(in);
	if (kb == -1) {
		errno = ENOENT;
		cannot("%s in /proc/self/smaps", field);
	}
	return kb;
}

/* How often WHAT(ARG) stops on its way into or out of a system call; a child has some of its own as well. */
static long syscall_stops(void (*what)(void *), void *arg)
{
	pid_t pid = fork();
	long stops = 0;
	int status;

	if (pid == -1)
		cannot("fork");
	if (pid == 0) {
		if (ptrace(PTRACE_TRACEME, 0, NULL, NULL) == -1)
			cannot("ptrace");
		raise(SIGSTOP);
		what(arg);
		_exit(0);
	}
	while (waitpid(pid, &status, 0) == pid && WIFSTOPPED(status)) {
		if (ptrace(PTRACE_SYSCALL, pid, NULL, NULL) == -1)
			cannot("ptrace");
		stops++;
	}
	return stops;
}

static void nothing(void *arg)
{
	(void)arg;
}

long system_calls(void (*what)(void *), void *arg)
{
	long without = syscall_stops(nothing, NULL);

	return (syscall_stops(what, arg) - without) / 2;
}

void be_ordinary_user(void)
{
	enum { NOBODY = 65534 };

	if (geteuid() == 0 && (setgroups(0, NULL) == -1 || setgid(NOBODY) == -1 || setuid(NOBODY) == -1))
		cannot("to become an ordinary user");
}

static int remove_entry(const char *path, const struct stat *info, int type, struct FTW *where)
{
	(void)info, (void)type, (void)where;
	return remove(path) == -1 && rmdir(path) == -1;
}

/* What the experiment left behind, and with it every process that it started. */
static void clean_up(pid_t pid, const char *directory)
{
	if (pid != -1)
		kill(-pid, SIGKILL);
	while (report->undos-- > 0)
		report->undo[report->undos].call(report->undo[report->undos].id);
	nftw(directory, remove_entry, 8, FTW_DEPTH | FTW_PHYS);
}

static sigset_t usual_signals;

/* End what the experiment has started and wait for it: no zombie is left to an init that does not look. */
static void end_children(void)
{
	pid_t group = getpid();

	setpgid(0, getpgid(getppid()));
	kill(-group, SIGKILL);
	while (wait(NULL) > 0)
		continue;
}

/* Whatever the shell that started us ignores or redirects, an experiment starts in the same state. */
static void run_experiment(const struct claim *claim, const char *directory)
{
	int sig, null = open("/dev/null", O_RDWR);

	for (sig = 1; sig < SIGRTMIN; sig++)
		signal(sig, SIG_DFL);
	sigemptyset(&usual_signals);
	sigprocmask(SIG_SETMASK, &usual_signals, NULL);
	umask(022);
	setpgid(0, 0);
	alarm(TIME_NET);
	if (null == -1 || dup2(null, 0) == -1 || dup2(null, 1) == -1 || chdir(directory) == -1)
		cannot("%s", directory);
	close(null);
	report->verdict = claim->try_it();
	end_children();
	_exit(0);
}

static void try_one(const struct claim *claim)
{
	char directory[] = "/tmp/claims.XXXXXX";
	pid_t pid;
	int status;

	memset(report, 0, sizeof *report);
	report->verdict = UNTESTED;
	fflush(stdout);
	if (mkdtemp(directory) == NULL) {
		saw("%s: %s", directory, strerror(errno));
		return;
	}
	if ((pid = fork()) == 0)
		run_experiment(claim, directory);
	if (pid == -1) {
		saw("fork: %s", strerror(errno));
	} else if (waitpid(pid, &status, 0) == pid && !(WIFEXITED(status) && WEXITSTATUS(status) == 0)) {
		saw(WIFSIGNALED(status) ? "the experiment was killed by signal %d"
					: "the experiment ended with wait status %d",
		    WIFSIGNALED(status) ? WTERMSIG(status) : status);
		report->impossible = 1;
	}
	if (report->impossible)
		report->verdict = UNTESTED;
	clean_up(pid, directory);
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

/* One field of the table, which has tabs between fields and a line a claim. */
static void print_field(const char *text, char end)
{
	for (; *text != '\0'; text++)
		putchar(*text < ' ' && *text >= 0 ? ' ' : *text);
	putchar(end);
}

static void print_row(const struct claim *claim, const char *verdict, const char *evidence)
{
	print_field(claim->id, '\t');
	print_field(claim->lab, '\t');
	print_field(names[claim->recorded], '\t');
	print_field(verdict, '\t');
	print_field(claim->statement, '\t');
	print_field(evidence, '\n');
	fflush(stdout);
}

int try_claims(int argc, char *argv[], const struct claim claims[], int count)
{
	sigset_t ends;
	int i, differs = 0;

	if (argc == 2 && strcmp(argv[1], "-l") == 0) {
		for (i = 0; i < count; i++)
			print_row(&claims[i], "", "");
		return 0;
	}
	report = mmap(NULL, sizeof *report, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (report == MAP_FAILED) {
		perror("mmap");
		return 2;
	}
	signal(SIGCHLD, SIG_DFL); /* ignored, it would take the wait status of an experiment away */
	sigemptyset(&ends);
	sigaddset(&ends, SIGHUP);
	sigaddset(&ends, SIGINT);
	sigaddset(&ends, SIGTERM);
	for (i = 0; i < count; i++) {
		if (!is_wanted(argc, argv, &claims[i]))
			continue;
		sigprocmask(SIG_BLOCK, &ends, &usual_signals);
		try_one(&claims[i]);
		sigprocmask(SIG_SETMASK, &usual_signals, NULL); /* Ctrl-C comes when all is cleaned up */
		print_row(&claims[i], names[report->verdict], report->evidence);
		differs |= report->verdict != claims[i].recorded && report->verdict != UNTESTED;
	}
	return differs;
}
