/*
 * probe.c - the grader's eyes, by hand: what do the processes of a tree wait for, and who holds which end of which pipe?
 *
 * usage: probe PID             who waits in which call, on what, and who could end it; "stuck" if nobody ever can
 *        probe -h PID          all ends of all pipes and FIFOs: OBJECT r|w|rw pid fd
 *        probe -b CALLS PID    is one asleep in one of CALLS (write,writev,splice)? How full is its pipe?
 *
 * PID and all its descendants are looked at, without ptrace(2): /proc/PID/syscall says in which call each sleeps (the same
 * user, and Yama may refuse it: proc(5), ptrace(2)). Exit status 0: stuck, or asleep in CALLS; 1: not; 2: wrong usage.
 */
#define _GNU_SOURCE
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "rig.h"

char stage_dir[4096] = "/nowhere";

/* For split.c, which a probe never uses. */
bool hopeless(const char *what, long start, char *text, size_t size)
{
	(void)what, (void)start, (void)text, (void)size;
	return true;
}

long now_ms(void)
{
	return 0;
}

static struct program program = { .name = "probe", .terminal = -1 };

/* The call that the process sleeps in, as the tracer would have noted it. */
static void read_call(struct task *task)
{
	char path[64];
	FILE *in;
	int i;

	snprintf(path, sizeof path, "/proc/%d/syscall", task->tid);
	if ((in = fopen(path, "r")) == NULL)
		return;
	task->in_call = fscanf(in, "%ld", &task->nr) == 1;
	for (i = 0; i < 6 && task->in_call; i++)
		task->in_call = fscanf(in, " %lx", (unsigned long *)&task->args[i]) == 1;
	fclose(in);
}

static void add_tree(pid_t pid, struct task *parent)
{
	struct task *task = &tasks[task_count];
	char path[64];
	FILE *in;
	int child;

	if (task_count == MAX_TASKS)
		return;
	task_count++;
	task->tid = task->tgid = pid;
	task->inside = pid;
	task->parent = parent;
	task->program = &program;
	task->first = parent == NULL;
	read_call(task);
	snprintf(path, sizeof path, "/proc/%d/task/%d/children", pid, pid);
	if ((in = fopen(path, "r")) == NULL)
		return;
	while (fscanf(in, "%d", &child) == 1)
		add_tree(child, task);
	fclose(in);
}

static void name_program(pid_t pid)
{
	char path[64];
	FILE *in;

	snprintf(path, sizeof path, "/proc/%d/comm", pid);
	if ((in = fopen(path, "r")) == NULL || fscanf(in, "%31s", program.name) != 1) {
		fprintf(stderr, "probe: there is no process %d\n", pid);
		exit(2);
	}
	fclose(in);
}

static int blocked(const char *calls)
{
	char why[4096];
	int i, found = 1;

	for (i = 0; i < task_count; i++)
		if (waits_in(&tasks[i], calls, why, sizeof why)) {
			puts(why);
			found = 0;
		}
	return found;
}

int main(int argc, char *argv[])
{
	static char text[8192];
	const char *calls = NULL;
	int option, holders = 0;

	while ((option = getopt(argc, argv, "hb:")) != -1) {
		if (option == 'h')
			holders = 1;
		else if (option == 'b')
			calls = optarg;
		else
			optind = argc;
	}
	if (optind != argc - 1 || atoi(argv[optind]) < 1) {
		fprintf(stderr, "usage: probe [-h | -b CALLS] PID\n");
		return 2;
	}
	name_program(atoi(argv[optind]));
	add_tree(atoi(argv[optind]), NULL);
	if (holders) {
		list_holders(stdout);
		return 0;
	}
	if (calls != NULL)
		return blocked(calls);
	waits_text(text, sizeof text);
	printf("%s%s\n", stuck() ? "stuck: " : "", text);
	return !stuck();
}
