/*
 * quiet.c - is everybody waiting? Then nothing will ever happen again: a deadlock, known in milliseconds.
 *
 * A process waits if it is asleep in a system call that only somebody else can end. Two looks are needed,
 * because one look takes time: what was asleep in both and has not run in between (its context switches say
 * so) was asleep in the instant between them, and if all were, nobody was left who could wake one.
 */
#define _GNU_SOURCE
#include <sched.h>
#include <stdlib.h>
#include <string.h>

#include "rig.h"

static const char waiting_calls[] =
	"read,readv,pread64,write,writev,splice,tee,vmsplice,sendfile,sendto,recvfrom,sendmsg,recvmsg,poll,"
	"ppoll,select,"
	"pselect6,epoll_wait,epoll_pwait,open,openat,wait4,waitid,futex,semop,semtimedop,msgsnd,msgrcv,mq_"
	"timedsend,"
	"mq_timedreceive,fcntl,flock,pause,rt_sigsuspend,rt_sigtimedwait,fork,vfork,clone,clone3";

static const char polls[] = "poll,ppoll,select,pselect6,epoll_wait,epoll_pwait";

/* Does the call end by itself after some time? */
static bool has_timeout(const struct task *task)
{
	const uint64_t *args = task->args;

	if (call_is(task->nr, "poll"))
		return (int)args[2] >= 0;
	if (call_is(task->nr, "epoll_wait,epoll_pwait"))
		return (int)args[3] >= 0;
	if (call_is(task->nr, "ppoll,rt_sigtimedwait"))
		return args[2] != 0;
	if (call_is(task->nr, "select,pselect6,mq_timedsend,mq_timedreceive"))
		return args[4] != 0;
	if (call_is(task->nr, "futex,semtimedop"))
		return args[3] != 0;
	return false;
}

/* A vfork(), by whatever call, waits uninterruptibly for its child. */
static bool is_vfork(const struct task *task)
{
	uint64_t flags = task->args[0];

	if (call_is(task->nr, "clone3")) /* a struct clone_args, whose first member is the flags */
		read_memory(task->tid, task->args[0], &flags, sizeof flags);
	return call_is(task->nr, "vfork") ||
	       (call_is(task->nr, "clone,clone3") && (flags & CLONE_VFORK) != 0);
}

static bool asleep(const struct task *task, const struct look *look)
{
	if (!task->in_call || task->stopped || !call_is(task->nr, waiting_calls))
		return false;
	if (look->state != 'S' && !(look->state == 'D' && is_vfork(task)))
		return false;
	return off_processor(task->tid);
}

/*
 * With nothing to do but look at the clock or at a flag, over and over. A loop that makes no calls may also be a
 * delay, which ends: as long as others are late it must be a long one.
 */
static bool idles(struct task *task, const struct look *look)
{
	enum { PACE_MS = 10 };
	long spun = look->cpu_ms - task->last_read_cpu;

	if (look->cpu_ms - task->pace_cpu >= PACE_MS) {
		task->makes_calls = task->calls != task->pace_calls;
		task->pace_calls = task->calls;
		task->pace_cpu = look->cpu_ms;
	}
	if (task->sleeps >= (any_held(HELD_LATE) ? LATE_POLLING_SLEEPS : POLLING_SLEEPS))
		return true;
	return spun >= (any_held(HELD_LATE) && !task->makes_calls ? LONG_SPIN_MS : SPIN_MS);
}

/* It waits, but a timer will wake it before long: who is late is later than that. */
static bool will_be_woken(const struct task *task)
{
	return any_held(HELD_LATE) && now_ms() <= task->timer_due;
}

static enum rest look_once(unsigned long switches[], bool strict)
{
	enum rest rest = ALL_GONE;
	struct look look;
	int i;

	for (i = 0; i < task_count; i++) {
		struct task *task = &tasks[i];

		switches[i] = 0;
		if (strict && !task->dead && (task->held == HELD_LATE || task->held == HELD_ASLEEP))
			return BUSY; /* it will be let go on */
		if (task->dead)
			continue;
		if (task->held != NOT_HELD && look_at(task->tid, &look) && look.state == 't')
			continue; /* else it has been killed, and goes */
		if (!look_at(task->tid, &look) || look.state == 'Z' || look.state == 'X')
			return BUSY;   /* its end has yet to be heard of */
		if (task->got_bytes) { /* that is not idling */
			task->got_bytes = false;
			task->last_read_cpu = look.cpu_ms;
		}
		rest = ALL_WAIT;
		if ((task->suspended && strchr("Tt", look.state) != NULL) ||
		    (asleep(task, &look) && !will_be_woken(task) &&
		     !(strict && (has_timeout(task) || task->has_timer))))
			switches[i] = look.switches;
		else if (strict || !idles(task, &look))
			return BUSY;
	}
	return rest;
}

static enum rest look_twice(bool strict)
{
	unsigned long before[MAX_TASKS], after[MAX_TASKS], moment;
	enum rest rest;

	handle_stops();
	moment = happened;
	rest = look_once(before, strict);
	if (rest == BUSY || look_once(after, strict) != rest)
		return BUSY;
	handle_stops();
	if (moment != happened || memcmp(before, after, sizeof *before * (size_t)task_count) != 0)
		return BUSY;
	return rest;
}

/* Has everybody come to rest? Who only polls or spins counts as resting, the held do not count at all. */
enum rest at_rest(void)
{
	return look_twice(false);
}

/* Can nobody ever go on, not even by the passing of time? */
bool stuck(void)
{
	return look_twice(true) == ALL_WAIT;
}

long program_cpu_ms(const struct program *program)
{
	struct look look;
	long sum = 0;
	int i;

	for (i = 0; i < task_count; i++)
		if (!tasks[i].dead && tasks[i].program == program && look_at(tasks[i].tid, &look))
			sum += look.cpu_ms;
	return sum;
}

/* Does a poll() wait to write where CALLS speaks of reading, or the other way round? */
static bool polls_otherwise(const struct task *task, const char *calls, int fd)
{
	bool reads = strstr(calls, "read") != NULL, writes = strstr(calls, "write") != NULL;

	return call_is(task->nr, polls) && reads != writes && fd_writes(task->tid, fd) != writes;
}

/* Is the task asleep in one of CALLS? WHY then says it in "name=value" words. */
bool waits_in(const struct task *task, const char *calls, char *why, size_t size)
{
	char object[1024], holders[512];
	struct look before, after;
	int fd, queued, capacity;
	size_t used;

	if (task->dead || task->stopped || task->suspended || !task->in_call || !call_is(task->nr, calls) ||
	    !look_at(task->tid, &before) || !asleep(task, &before))
		return false;
	call_object(task, object, sizeof object);
	used = (size_t)snprintf(why, size, "pid=%d who=%s%s call=%s on=%s", task->inside, task->program->name,
				task->first ? "" : ".child", call_name(task->nr), object);
	fd = call_fd(task);
	if (fd >= 0 && polls_otherwise(task, calls, fd))
		return false;
	if (fd >= 0 && fd_is_pipe(task->tid, fd) && pipe_fill(task->tid, fd, &queued, &capacity)) {
		holders_text(task->tid, fd, true, holders, sizeof holders);
		snprintf(why + used, size - used, " fd=%d queued=%d capacity=%d writers=\"%s\"", fd, queued,
			 capacity, holders);
	}
	return look_at(task->tid, &after) && asleep(task, &after) && before.switches == after.switches;
}

static void append(char *to, size_t size, const char *text)
{
	size_t used = strlen(to);

	snprintf(to + used, size - used, "%s", text);
}

/* Who waits for whom, in words. */
void waits_text(char *to, size_t size)
{
	char who[80], object[1024], holders[512], text[2000];
	int i, fd, queued, capacity;
	struct look look;
	bool reads;

	*to = '\0';
	for (i = 0; i < task_count; i++) {
		const struct task *task = &tasks[i];

		if (task->dead || !look_at(task->tid, &look))
			continue;
		append(to, size, *to != '\0' ? "; " : "");
		task_text(task, who, sizeof who);
		if (task->suspended) {
			snprintf(text, sizeof text, "%s is stopped until somebody continues it", who);
			append(to, size, text);
			continue;
		}
		if (task->held != NOT_HELD) {
			snprintf(text, sizeof text, "%s is held by the grader", who);
			append(to, size, text);
			continue;
		}
		if (!asleep(task, &look)) {
			snprintf(text, sizeof text, "%s runs (state %c)", who, look.state);
			append(to, size, text);
			continue;
		}
		fd = call_fd(task);
		call_object(task, object, sizeof object);
		snprintf(text, sizeof text, "%s waits in %s", who, call_name(task->nr));
		append(to, size, text);
		if (strcmp(object, "stdin") == 0) {
			append(to, size, " for a line of its stdin, which is open");
		} else if (fd >= 0 && fd_is_pipe(task->tid, fd) &&
			   pipe_fill(task->tid, fd, &queued, &capacity)) {
			reads = call_is(task->nr, "read,readv,splice,tee") ||
				(call_is(task->nr, polls) && !fd_writes(task->tid, fd));
			holders_text(task->tid, fd, reads, holders, sizeof holders);
			snprintf(text, sizeof text, " on %s, fd %d (%s), whose %s end is held by %s", object,
				 fd,
				 queued == 0	      ? "empty"
				 : queued == capacity ? "full"
						      : "in use",
				 reads ? "write" : "read", holders);
			append(to, size, text);
		} else if (*object != '\0') {
			snprintf(text, sizeof text, " of %s", object);
			append(to, size, text);
		} else if (call_is(task->nr, "futex")) {
			append(to, size, " (a semaphore, a mutex or a condition variable)");
		}
	}
}
