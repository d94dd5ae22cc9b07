/* trace.c - every process of the programs runs under ptrace(2): each system call is seen, logged, and bent by
 * the rules. */
#define _GNU_SOURCE
#include <elf.h>
#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/ptrace.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <sys/user.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "rig.h"

struct task tasks[MAX_TASKS];
int task_count;
struct rule rules[MAX_RULES];
int rule_count;
FILE *trace_log;
bool late_child, late_parent = true, tracing = true, log_mappings;
enum sleeps sleeps = SLEEPS_VIRTUAL;
unsigned long happened;

static int kept[MAX_KEPT]; /* pipe ends that a rule keeps open */
static int kept_count;
static long virtual_now; /* ms */

static const char pipes[] = "pipe,pipe2";

/* ---- registers: the only lines that depend on the processor ---- */

#if defined __x86_64__
enum { CAN_BEND = 1 };
static bool change(pid_t tid, int what,
		   uint64_t value) /* what: an argument 0..5, -1 the call's number, -2 its result */
{
	struct user_regs_struct regs;
	struct iovec iov = { &regs, sizeof regs };

	if (ptrace(PTRACE_GETREGSET, tid, NT_PRSTATUS, &iov) == -1)
		return false;
	switch (what) {
	case -2:
		regs.rax = value;
		break;
	case -1:
		regs.orig_rax = value;
		break;
	case 0:
		regs.rdi = value;
		break;
	case 1:
		regs.rsi = value;
		break;
	case 2:
		regs.rdx = value;
		break;
	case 3:
		regs.r10 = value;
		break;
	case 4:
		regs.r8 = value;
		break;
	}
	return ptrace(PTRACE_SETREGSET, tid, NT_PRSTATUS, &iov) != -1;
}

/* The call that has just been left out shall be made after all, once its signal has been handled. */
static bool again(const struct task *task)
{
	struct user_regs_struct regs;
	struct iovec iov = { &regs, sizeof regs };

	if (ptrace(PTRACE_GETREGSET, task->tid, NT_PRSTATUS, &iov) == -1)
		return false;
	regs.rax = (unsigned long)task->nr;
	regs.rip -= 2;
	return ptrace(PTRACE_SETREGSET, task->tid, NT_PRSTATUS, &iov) != -1;
}
#elif defined __aarch64__
enum { CAN_BEND = 1 };
static bool change(pid_t tid, int what, uint64_t value)
{
	struct user_regs_struct regs;
	struct iovec iov = { &regs, sizeof regs };
	int nr = (int)value;
	struct iovec nr_iov = { &nr, sizeof nr };

	if (what == -1)
		return ptrace(PTRACE_SETREGSET, tid, NT_ARM_SYSTEM_CALL, &nr_iov) != -1;
	if (ptrace(PTRACE_GETREGSET, tid, NT_PRSTATUS, &iov) == -1)
		return false;
	regs.regs[what == -2 ? 0 : what] = value;
	return ptrace(PTRACE_SETREGSET, tid, NT_PRSTATUS, &iov) != -1;
}
static bool again(const struct task *task)
{
	struct user_regs_struct regs;
	struct iovec iov = { &regs, sizeof regs };

	if (ptrace(PTRACE_GETREGSET, task->tid, NT_PRSTATUS, &iov) == -1)
		return false;
	regs.regs[0] = task->args[0];
	regs.pc -= 4;
	return ptrace(PTRACE_SETREGSET, task->tid, NT_PRSTATUS, &iov) != -1;
}
#else
enum { CAN_BEND = 0 };
static bool change(pid_t tid, int what, uint64_t value)
{
	(void)tid, (void)what, (void)value;
	return false;
}
static bool again(const struct task *task)
{
	(void)task;
	return false;
}
#endif

/* ---- the process's memory ---- */

static void memory(pid_t pid, uint64_t address, void *buffer, size_t size, bool write_it)
{
	char path[64];
	ssize_t done = -1;
	struct iovec ours = { buffer, size }, theirs = { (void *)(uintptr_t)address, size };
	int fd;

	if (!write_it && process_vm_readv(pid, &ours, 1, &theirs, 1, 0) == (ssize_t)size)
		return;
	snprintf(path, sizeof path, "/proc/%d/mem", pid);
	if ((fd = open(path, O_RDWR | O_CLOEXEC)) != -1) {
		done = write_it ? pwrite(fd, buffer, size, (off_t)address)
				: pread(fd, buffer, size, (off_t)address);
		close(fd);
	}
	if (!write_it && done < (ssize_t)size)
		memset((char *)buffer + (done > 0 ? done : 0), 0, size - (size_t)(done > 0 ? done : 0));
}

void read_memory(pid_t pid, uint64_t address, void *to, size_t size)
{
	memory(pid, address, to, size, false);
}

/* The payload changed in flight: each letter becomes the next one, backwards to put it right again. */
static void turn_letters(pid_t pid, uint64_t address, size_t size, int by)
{
	char bytes[4096];
	size_t i;

	size = size > sizeof bytes ? sizeof bytes : size;
	memory(pid, address, bytes, size, false);
	for (i = 0; i < size; i++) {
		if (bytes[i] >= 'a' && bytes[i] <= 'z')
			bytes[i] = (char)('a' + (bytes[i] - 'a' + by + 26) % 26);
		else if (bytes[i] >= 'A' && bytes[i] <= 'Z')
			bytes[i] = (char)('A' + (bytes[i] - 'A' + by + 26) % 26);
	}
	memory(pid, address, bytes, size, true);
}

static void turn_payload(const struct task *task, int by)
{
	struct iovec iov[8];
	size_t i, count;

	if (!call_is(task->nr, "writev,vmsplice")) {
		turn_letters(task->tid, task->args[1], task->args[2], by);
		return;
	}
	count = task->args[2] > 8 ? 8 : task->args[2];
	memory(task->tid, task->args[1], iov, count * sizeof *iov, false);
	for (i = 0; i < count; i++)
		turn_letters(task->tid, (uint64_t)(uintptr_t)iov[i].iov_base, iov[i].iov_len, by);
}

/* ---- tasks ---- */

struct task *find_task(pid_t tid)
{
	int i;

	for (i = 0; i < task_count; i++)
		if (tasks[i].tid == tid && !tasks[i].dead)
			return &tasks[i];
	return NULL;
}

static struct task *new_task(pid_t tid)
{
	struct task *task = NULL;
	int i;

	for (i = 0; i < task_count && task == NULL; i++)
		if (tasks[i].dead && task_count == MAX_TASKS)
			task = &tasks[i];
	if (task == NULL) {
		if (task_count == MAX_TASKS)
			return NULL;
		task = &tasks[task_count++];
	}
	for (i = 0; i < task_count; i++)
		if (tasks[i].parent == task)
			tasks[i].parent = NULL;
	free(task->mappings);
	memset(task, 0, sizeof *task);
	task->tid = tid;
	task->tgid = threads_tgid(tid);
	task->inside = inside_pid(task->tgid);
	task->lowered = -1;
	task->nr = -1;
	return task;
}

void go_on(struct task *task)
{
	int sig = task->deliver, request = PTRACE_SYSCALL;

	if (task->held != NOT_HELD || !task->stopped || (request = split_request(task)) == 0)
		return;
	task->stopped = false;
	task->deliver = 0;
	if (ptrace(request, task->tid, 0, (void *)(intptr_t)sig) == -1 && errno == ESRCH)
		task->stopped = true; /* killed while stopped: waitpid() will say so */
}

/* Each call of theirs waits for us twice. On one processor that is a fifth of the work (of waking another one up). */
static void stay_together(pid_t pid)
{
	static cpu_set_t ours;

	if (CPU_COUNT(&ours) == 0) {
		CPU_SET((size_t)sched_getcpu(), &ours);
		sched_setaffinity(0, sizeof ours, &ours);
	}
	sched_setaffinity(pid, sizeof ours, &ours);
}

int seize(struct program *program, pid_t pid)
{
	const long options = PTRACE_O_TRACESYSGOOD | PTRACE_O_TRACEFORK | PTRACE_O_TRACEVFORK |
			     PTRACE_O_TRACECLONE | PTRACE_O_TRACEEXEC | PTRACE_O_EXITKILL;
	struct task *task;
	int status;

	if (ptrace(PTRACE_SEIZE, pid, 0, options) == -1 || ptrace(PTRACE_INTERRUPT, pid, 0, 0) == -1)
		return -1;
	if (waitpid(pid, &status, __WALL) != pid || !WIFSTOPPED(status) || (task = new_task(pid)) == NULL)
		return -1;
	stay_together(pid);
	task->program = program;
	task->first = true;
	task->stopped = true;
	go_on(task);
	return 0;
}

bool is_who(const struct task *task, const char *who)
{
	size_t length = strcspn(who, ".");
	const char *part = who + length;

	if (strcmp(who, "any") == 0)
		return true;
	if (task->program == NULL) /* just born: its parent's fork() has not been told yet */
		return false;
	if (strcmp(who, "first") == 0 || strcmp(who, "child") == 0)
		part = who;
	else if (strlen(task->program->name) != length || strncmp(who, task->program->name, length) != 0)
		return false;
	else if (*part == '.')
		part++;
	return *part == '\0' || (strcmp(part, "first") == 0 && task->first) ||
	       (strcmp(part, "child") == 0 && !task->first);
}

bool any_held(enum held held)
{
	int i;

	for (i = 0; i < task_count; i++)
		if (!tasks[i].dead && tasks[i].held == held)
			return true;
	return false;
}

void forget_idling(void)
{
	struct look look;
	int i;

	for (i = 0; i < task_count; i++) {
		tasks[i].sleeps = 0;
		tasks[i].eagains = 0;
		tasks[i].vain = 0;
		if (!tasks[i].dead && look_at(tasks[i].tid, &look))
			tasks[i].last_read_cpu = look.cpu_ms;
	}
}

/* The one that has been held longest for the sake of an order. */
void release_late(void)
{
	int i;

	for (i = 0; i < task_count; i++)
		if (!tasks[i].dead && tasks[i].held == HELD_LATE) {
			log_line(&tasks[i], "released");
			tasks[i].held = NOT_HELD;
			forget_idling();
			go_on(&tasks[i]);
			happened++;
			return;
		}
}

int release_held(const char *who)
{
	int i, count = 0;

	for (i = 0; i < task_count; i++)
		if (!tasks[i].dead && tasks[i].held == HELD_BY_RULE && is_who(&tasks[i], who)) {
			tasks[i].held = NOT_HELD;
			count++;
			go_on(&tasks[i]);
		}
	forget_idling();
	happened++;
	return count;
}

int drop_kept_ends(void)
{
	int count = kept_count;

	while (kept_count > 0)
		close(kept[--kept_count]);
	return count;
}

/* ---- rules ---- */

static bool rule_fits(struct rule *rule, const struct task *task)
{
	char object[1024];

	if (rule->removed || !is_who(task, rule->who) || !call_is(task->nr, rule->calls))
		return false;
	if (*rule->on != '\0') {
		call_object(task, object, sizeof object);
		if (strstr(object, rule->on) == NULL)
			return false;
	}
	return true;
}

static void hold(struct task *task)
{
	task->held = HELD_BY_RULE;
	log_line(task, "held call=%s", call_name(task->nr));
}

static int count_argument(const struct task *task)
{
	return call_is(task->nr, "splice") ? 4 : call_is(task->nr, "sendfile") ? 3 : 2;
}

static bool at_entry(enum action action)
{
	return action != A_HOLD_AFTER && action != A_SETPIPE && action != A_KEEP_READ &&
	       action != A_KEEP_WRITE && action != A_KILL && action != A_LATE;
}

static void leave_out(struct task *task, int64_t result)
{
	if (change(task->tid, -1, (uint64_t)-1)) {
		task->forge = true;
		task->forged = result;
	}
}

/* Does the call do nothing but sleep? Then for how long, in ms, else -1. */
static long sleep_ms(const struct task *task)
{
	int at = call_is(task->nr, "nanosleep") ? 0 : call_is(task->nr, "select,pselect6") ? 4 : 2;
	bool empty = call_is(task->nr, "poll,ppoll") ? task->args[1] == 0 : task->args[0] == 0;
	struct timespec time = { 0, 0 }, now = { 0, 0 };

	if (call_is(task->nr, "poll"))
		return empty && (int)task->args[2] >= 0 ? (int)task->args[2] : -1;
	if (!call_is(task->nr, "nanosleep,clock_nanosleep") &&
	    !(call_is(task->nr, "ppoll,select,pselect6") && empty && task->args[at] != 0))
		return -1;
	read_memory(task->tid, task->args[at], &time, sizeof time);
	if (call_is(task->nr, "select")) /* a struct timeval */
		time.tv_nsec *= 1000;
	if (call_is(task->nr, "clock_nanosleep") && task->args[1] == TIMER_ABSTIME)
		clock_gettime((clockid_t)task->args[0], &now);
	time.tv_sec -= now.tv_sec;
	return time.tv_sec < 0 ? 0 : time.tv_sec * 1000 + time.tv_nsec / 1000000;
}

static void sleep_no_more(struct task *task, long ms)
{
	task->sleeps++;
	task->vain = 0; /* with a nap in between it does not spin */
	leave_out(task, 0);
	if (sleeps == SLEEPS_VIRTUAL) {
		task->held = HELD_ASLEEP;
		task->wake_at = virtual_now + ms;
	}
}

void wake_next(void)
{
	struct task *next = NULL;
	int i;

	for (i = 0; i < task_count; i++)
		if (!tasks[i].dead && tasks[i].held == HELD_ASLEEP &&
		    (next == NULL || tasks[i].wake_at < next->wake_at))
			next = &tasks[i];
	if (next == NULL)
		return;
	if (next->wake_at > virtual_now)
		virtual_now = next->wake_at;
	next->held = NOT_HELD;
	happened++;
	go_on(next);
}

bool polls_for_ever(const struct task *task)
{
	return !task->dead && task->sleeps >= ENDLESS_SLEEPS;
}

/* mmap() makes another kind of mapping than the one it was asked for. */
static void map_otherwise(struct task *task, uint64_t type)
{
	if (change(task->tid, 3, (task->args[3] & ~(uint64_t)MAP_TYPE) | type)) {
		task->real_arg = task->args[3]; /* put back at its end */
		task->lowered = 3;
	}
}

/* Does the call only ask how things are? */
static bool only_asks(const struct task *task)
{
	char path[6];

	if (call_is(task->nr, "ioctl"))
		return true;
	if (call_is(task->nr, "poll"))
		return (int)task->args[2] == 0;
	if (call_is(task->nr, "wait4"))
		return (task->args[2] & WNOHANG) != 0;
	if (call_is(task->nr, "read,pread64"))
		return !fd_is_pipe(task->tid, (int)task->args[0]);
	if (!call_is(task->nr, "open,openat"))
		return false;
	read_memory(task->tid, task->args[call_is(task->nr, "openat") ? 1 : 0], path, sizeof path);
	return memcmp(path, "/proc/", sizeof path) == 0;
}

/*
 * Who asks again and again waits for something that others do: it naps until they wait, too. So it keeps nobody from
 * going on, does not see them in the stops that tracing brings about, and is not taken for busy.
 */
static void look_again(struct task *task)
{
	struct task *other;

	if (!only_asks(task)) {
		if (call_name(task->nr) != NULL && !call_is(task->nr, "close"))
			task->looks = 0;
		return;
	}
	if (++task->looks % LOOKS_TO_A_NAP != 0 || task->held != NOT_HELD || split_is_on())
		return;
	task->sleeps += 5;
	task->held = HELD_ASLEEP;
	task->wake_at = virtual_now + 1;
	for (other = tasks; other < tasks + task_count; other++)
		if (other != task && !other->dead && other->held == HELD_ASLEEP && other->looks == 0 &&
		    other->wake_at > task->wake_at)
			task->wake_at = other->wake_at;
}

static void apply_at_entry(struct task *task, struct rule *rule)
{
	int count = count_argument(task);

	switch (rule->action) {
	case A_FAIL:
		leave_out(task, -rule->arg);
		break;
	case A_SKIP:
		leave_out(task, 0);
		break;
	case A_SHORT:
		if (task->args[count] > (uint64_t)rule->arg &&
		    change(task->tid, count, (uint64_t)rule->arg)) {
			task->real_arg = task->args[count];
			task->lowered = count;
		}
		break;
	case A_POKE:
		turn_payload(task, 1);
		break;
	case A_HOLD:
		hold(task);
		break;
	case A_SIGNAL:
		if (change(task->tid, -1, (uint64_t)-1))
			task->signal_first = (int)rule->arg;
		break;
	case A_MAP_SHARED:
	case A_MAP_PRIVATE:
		map_otherwise(task, rule->action == A_MAP_SHARED ? MAP_SHARED : MAP_PRIVATE);
		break;
	default:
		break;
	}
}

/* A pipe that has just come into being, a FIFO that has just been opened, or what another call has worked on.
 */
static void apply_to_pipe(struct task *task, struct rule *rule, int64_t result)
{
	int fds[2], end, fd;

	if (result < 0)
		return;
	if (call_is(task->nr, pipes))
		memory(task->tid, task->args[0], fds, sizeof fds, false);
	else if (call_is(task->nr, "open,openat,creat"))
		fds[0] = fds[1] = (int)result;
	else
		fds[0] = fds[1] = call_fd(task);
	end = rule->action == A_KEEP_WRITE ? fds[1] : fds[0];
	if (!fd_is_pipe(task->tid, end) || (fd = borrow_fd(task->tid, end)) == -1)
		return;
	if (rule->action == A_SETPIPE) {
		log_line(task, "setpipe size=%d", fcntl(fd, F_SETPIPE_SZ, (int)rule->arg));
		close(fd);
	} else if (kept_count < MAX_KEPT) {
		kept[kept_count++] = fd;
		log_line(task, "kept fd=%d", end);
	} else {
		close(fd);
	}
}

static void apply_at_exit(struct task *task, struct rule *rule, int64_t result)
{
	if (rule->action == A_KILL)
		kill(task->tgid, (int)rule->arg);
	else if (rule->action == A_HOLD_AFTER)
		hold(task);
	else if (rule->action == A_LATE)
		task->held = HELD_LATE;
	else
		apply_to_pipe(task, rule, result);
}

static void apply_rules(struct task *task, bool entry, int64_t result)
{
	struct rule *rule;

	for (rule = rules; rule < rules + rule_count; rule++) {
		if (at_entry(rule->action) != entry || !rule_fits(rule, task))
			continue;
		rule->seen++;
		if (rule->nth != 0 && rule->nth != rule->seen)
			continue;
		if (entry)
			apply_at_entry(task, rule);
		else
			apply_at_exit(task, rule, result);
	}
}

static bool poked(struct task *task)
{
	struct rule *rule;

	for (rule = rules; rule < rules + rule_count; rule++)
		if (rule->action == A_POKE && rule_fits(rule, task) &&
		    (rule->nth == 0 || rule->nth == rule->seen))
			return true;
	return false;
}

/* ---- stops ---- */

/* What it has mapped, of each line that is not as it was: the process has done its work in between. */
static void tell_mappings(struct task *task)
{
	static char text[8192];
	char *line, *save = NULL, *at, *old = task->mappings;

	mappings_text(task->tid, text, sizeof text);
	if (old != NULL && strcmp(old, text) == 0)
		return;
	task->mappings = strdup(text);
	for (line = strtok_r(text, "\n", &save); line != NULL; line = strtok_r(NULL, "\n", &save))
		if (old == NULL || (at = strstr(old, line)) == NULL || at[strlen(line)] != '\n')
			log_line(task, "%s", line);
	free(old);
}

static void set_timer(struct task *task)
{
	struct itimerspec time = { { 0, 0 }, { 0, 0 } };
	long ms = 0;

	task->has_timer = true;
	if (call_is(task->nr, "alarm"))
		ms = (long)(unsigned)task->args[0] * 1000;
	else
		read_memory(task->tid, task->args[call_is(task->nr, "setitimer") ? 1 : 2], &time,
			    sizeof time);
	if (call_is(task->nr, "setitimer")) /* a struct itimerval; only ITIMER_REAL runs while it sleeps */
		time.it_value.tv_nsec *= task->args[0] == 0 ? 1000 : 0;
	ms += time.it_value.tv_sec * 1000 + time.it_value.tv_nsec / 1000000;
	task->timer_due = ms > 0 && ms <= LATE_TIMER_MS ? now_ms() + ms + 1 : 0;
}

static char closed_object[MAX_TASKS][128]; /* what a close() in flight closes */

static void call_begins(struct task *task, const struct __ptrace_syscall_info *info)
{
	int i;

	task->in_call = true;
	task->began = trace_lines;
	task->nr = (long)info->entry.nr;
	for (i = 0; i < 6; i++)
		task->args[i] = info->entry.args[i];
	if (!task->ready)
		return;
	if (log_mappings && call_name(task->nr) != NULL)
		tell_mappings(task);
	if (call_is(task->nr, "close"))
		fd_object(task->tid, (int)task->args[0], closed_object[task - tasks], sizeof *closed_object);
	if (call_is(task->nr, "alarm,setitimer,timer_settime,timerfd_settime"))
		set_timer(task);
	if (task->nr != SYS_clock_gettime && task->nr != SYS_gettimeofday && task->nr != SYS_getrusage)
		task->calls++;
	if (call_is(task->nr, "exit_group"))
		log_line(task, "exit_group status=%d", (int)task->args[0]);
	if (sleeps != SLEEPS_REAL && sleep_ms(task) >= 0)
		sleep_no_more(task, sleep_ms(task));
	apply_rules(task, true, 0);
	look_again(task);
}

/* An unnamed pipe without a reader never gets one again. */
static void count_epipe(struct task *task)
{
	char object[1024];

	call_object(task, object, sizeof object);
	if (strncmp(object, "pipe:", 5) == 0)
		task->epipes++;
}

/*
 * Looks in a row that found nothing: the end of a file, a name that is not there, a poll() after which nothing was
 * read. Who waits so for somebody who has not come yet spins; what moves bytes starts the count again.
 */
static void count_vain(struct task *task, int64_t result)
{
	if (result == -ENOENT || result == -ENXIO || (result == 0 && call_is(task->nr, "read,readv")) ||
	    (result > 0 && call_is(task->nr, "poll,ppoll,select,pselect6,epoll_wait,epoll_pwait"))) {
		task->vain++;
		task->vain_nr = task->nr;
		task->vain_error = result < 0 ? (long)-result : 0;
	} else if (result > 0 && call_is(task->nr, "read,readv,write,writev,splice")) {
		task->vain = 0;
		if (!call_is(task->nr, "write,writev") && fd_is_pipe(task->tid, (int)task->args[0])) {
			task->got_bytes = true;
			task->sleeps = 0;
		}
	}
}

/* The signal comes just before the call: after all that the process did to see whether it has come. */
static void signal_before(struct task *task)
{
	log_line(task, "signalled sig=%s before=%s", signal_name(task->signal_first), call_name(task->nr));
	if (again(task))
		kill(task->tgid, task->signal_first);
	task->signal_first = 0;
}

static void call_ends(struct task *task, const struct __ptrace_syscall_info *info)
{
	int64_t result = info->exit.rval;

	task->in_call = false;
	if (task->signal_first != 0) {
		signal_before(task);
		return;
	}
	if (call_is(task->nr, "execve") && result == 0)
		task->ready = true;
	if (!task->ready)
		return;
	if (task->forge) {
		change(task->tid, -2, (uint64_t)task->forged);
		result = task->forged;
		task->forge = false;
		task->refused += result < 0;
	}
	if (task->lowered >= 0) {
		change(task->tid, task->lowered, task->real_arg);
		task->lowered = -1;
	}
	/* A call that a signal cut short is made again by the kernel (ERESTARTSYS and its like): not an end
	 * yet. */
	if (result <= -512 && result >= -516)
		return;
	if (result == -EPIPE)
		count_epipe(task);
	count_vain(task, result);
	if (result == -EAGAIN)
		task->eagains++;
	else if (result > 0 && call_is(task->nr, "read,readv,write,writev,splice"))
		task->eagains = 0;
	if (call_is(task->nr, "close") && result == 0)
		log_line(task, "close fd=%d on=%s ret=0", (int)task->args[0], closed_object[task - tasks]);
	else
		log_call(task, result);
	if (call_is(task->nr, pipes) && result == 0) {
		char object[64];
		int fds[2];

		memory(task->tid, task->args[0], fds, sizeof fds, false);
		fd_object(task->tid, fds[0], object, sizeof object);
		log_line(task, "ends on=%s read=%d write=%d", object, fds[0], fds[1]);
	}
	if (call_is(task->nr, "write,writev,sendto,vmsplice") && poked(task))
		turn_payload(task, -1);
	apply_rules(task, false, result);
}

static void syscall_stop(struct task *task)
{
	struct __ptrace_syscall_info info;

	if (ptrace(PTRACE_GET_SYSCALL_INFO, task->tid, sizeof info, &info) <= 0)
		return;
	if (info.op == PTRACE_SYSCALL_INFO_ENTRY)
		call_begins(task, &info);
	else if (info.op == PTRACE_SYSCALL_INFO_EXIT)
		call_ends(task, &info);
}

/* Both have been heard of a new process, its parent's fork and its own first stop. */
static void task_is_born(struct task *task)
{
	bool process = task->tid == task->tgid;

	task->program = task->parent->program;
	task->ready = task->parent->ready;
	if (late_child && process && task->ready)
		task->held = HELD_LATE;
	log_line(task, "born parent=%d", task->parent->inside);
	go_on(task);
}

static void fork_stop(struct task *parent)
{
	unsigned long tid;
	struct task *task;

	if (ptrace(PTRACE_GETEVENTMSG, parent->tid, 0, &tid) == -1)
		return;
	if ((task = find_task((pid_t)tid)) == NULL && (task = new_task((pid_t)tid)) == NULL)
		return;
	task->parent = parent;
	if (task->stopped)
		task_is_born(task);
	if (late_parent && parent->ready && task->tid == task->tgid) {
		parent->held = HELD_LATE;
		log_line(parent, "late");
	}
}

static void task_ends(struct task *task, int status)
{
	task->dead = true;
	task->held = NOT_HELD;
	if (task->program == NULL || task->tid != task->tgid)
		return;
	if (WIFSIGNALED(status))
		log_line(task, "killed sig=%s%s%s", signal_name(WTERMSIG(status)),
			 task->in_call ? " in=" : "",
			 task->in_call && call_name(task->nr) != NULL ? call_name(task->nr) : "");
	else
		log_line(task, "exited status=%d", WEXITSTATUS(status));
}

/* Of a fault the address too. */
static void log_signal(const struct task *task, int sig)
{
	siginfo_t info;

	if ((sig == SIGSEGV || sig == SIGBUS) && ptrace(PTRACE_GETSIGINFO, task->tid, 0, &info) == 0 &&
	    info.si_code > 0)
		log_line(task, "signal sig=%s addr=%#llx", signal_name(sig),
			 (unsigned long long)(uintptr_t)info.si_addr);
	else
		log_line(task, "signal sig=%s", signal_name(sig));
}

static void handle_stop(pid_t tid, int status)
{
	struct task *task = find_task(tid);
	int sig, event = status >> 16;

	if (WIFEXITED(status) || WIFSIGNALED(status)) {
		if (task != NULL)
			task_ends(task, status);
		return;
	}
	if (task == NULL && (task = new_task(tid)) == NULL)
		return;
	task->stopped = true;
	task->suspended = false;
	sig = WSTOPSIG(status);
	if (task->program == NULL) { /* a new one */
		if (task->parent != NULL)
			task_is_born(task);
		return;
	}
	switch (event) {
	case PTRACE_EVENT_FORK:
	case PTRACE_EVENT_VFORK:
	case PTRACE_EVENT_CLONE:
		fork_stop(task);
		break;
	case PTRACE_EVENT_STOP:
		if (sig == SIGSTOP || sig == SIGTSTP || sig == SIGTTIN || sig == SIGTTOU) {
			task->stopped = false;
			task->suspended = true;
			ptrace(PTRACE_LISTEN, tid, 0, 0);
			return;
		}
		break;
	case 0:
		if (sig == (SIGTRAP | 0x80)) {
			syscall_stop(task);
		} else if (sig != SIGTRAP || !split_trap(task)) {
			task->deliver = sig;
			if (task->ready)
				log_signal(task, sig);
		}
		break;
	default:
		break;
	}
	go_on(task);
}

void handle_stops(void)
{
	int status;
	pid_t tid;

	while ((tid = waitpid(-1, &status, __WALL | WNOHANG)) > 0) {
		happened++;
		handle_stop(tid, status);
	}
}
