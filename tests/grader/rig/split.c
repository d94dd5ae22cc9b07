/*
 * split.c - a lost update made certain: a process is held between its load and its store of a shared counter.
 *
 *   counter NAME SEED PROGRAM ARG...           find the counter: the program is run, as NAME, once or twice
 *   split NAME HOW TIMES SEED PROGRAM ARG...   run it split; HOW: watch, step, or any: step if it must be
 *   split NAME kill-first TIMES ..., kill-child  the same, but who is in the first window is killed
 *   split NAME add TIMES ...                   the same, but 1000 is added to the counter when a child ends
 *   split NAME poke TIMES ...                  the same, but 1000 is added in each window: who stores wipes that out
 *   split NAME late-child TIMES ..., late-parent  the same, but nobody is held, only the one late in the beginning
 *   choose N                                   of several words that may be the counter take the Nth from now on
 *
 * TIMES, how often each process is to add 1, becomes the program's last argument. The counter is a word in
 * shared memory that has come to 2 at least when the program ends (a late store may set it back a long way); if
 * several have, one of those that the most processes have changed.
 *
 * watch: the processor's debug registers stop each process after each access to the counter. Who has loaded
 * it is held there (a window), until another has stored into it or none of them can: they sleep, have ended,
 * or have used up some processor time without a store. Then it goes on, and is held again after each system
 * call (after each instruction if others spin), so that a lock which it lets go of before its store is seen.
 * All this the kernel's scheduler might have done: a right program ends with the exact sum.
 *
 * step: without debug registers all make single steps, one process at a time, in slices chosen by SEED.
 * Whoever comes to an instruction that was seen to store into the counter is held before it: the window.
 *
 * The answer: "windows=N stores-into-window=N lost=N final=VALUE adders=N wiped=N method=watch exit status 0; with pid 3 ...";
 * ADDERS is how many processes have stored into it. LOST counts stores after somebody else's: FINAL decides.
 * With nobody held, LOST counts those that stored after somebody else had stored since their load.
 * With poke, "wiped=N" is how many processes have once stored what they had loaded, plus 1, over what was there.
 */
#define _GNU_SOURCE
#include <signal.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ptrace.h>
#include <sys/user.h>
#include <time.h>

#include "rig.h"

enum {
	MAX_SHARED = 16,
	MAX_WORDS_FOUND = 64,
	MAX_WATCHED = 4, /* so many debug registers there are */
	MAX_COMPARED = 16,
	MAX_ADDERS = 16, /* processes that add to one counter */
	MAX_STORES = 16, /* instructions that do */
	MAX_WINDOWS = 24,
	MAX_VAIN = 10,	 /* loads in a row without a store: it only looks */
	MAX_STEPS = 100, /* from a load to the store: mostly two or three instructions */
	SPIN_US = 30000, /* processor time for the others; halved each time that it was used up, down to */
	LEAST_SPIN_US = 300,
	US_A_CALL = 100, /* a system call counts as so much of it */
	LEAST_CALLS = 10,
	MAX_SLICE = 40, /* instructions in a turn */
	TURNS = 200,	/* for the others, while one is held; halved as above, down to */
	LEAST_TURNS = 10
};

/* A word in the NTH shared mapping of this SIZE. */
struct word {
	uint64_t size, offset;
	int nth;
	long value;	  /* at the last look */
	uint64_t writers; /* a bit a task */
};

struct mapping {
	uint64_t start, size;
	int nth;
};

/* What is to be known of a task. */
struct state {
	pid_t tid;
	bool looked;	  /* it has been searched for the counter since its mappings last changed */
	uint64_t address; /* of the counter; 0: it has none */
	uint64_t base;	  /* of the program */
	uint64_t pc;
	long cpu;	     /* us, used before the window */
	int calls;	     /* since then */
	int vain;	     /* windows since it last stored */
	long stores_before;  /* made by all when it was last let go on */
	bool poked;	     /* 1000 has been added since it loaded */
	bool pending, stale; /* it has loaded and not yet stored; another one has stored since */
	long loaded, stored;
	long before;  /* the counter, as it was known when it was last let go on */
	long or_that; /* what it has loaded, if another one's store was told first */
	pid_t by;
};

static enum { OFF, SEARCH, COMPARE, WATCH, STEP, REFUSED } mode;
static struct program *subject;
static struct state states[MAX_TASKS];
static struct word words[MAX_WORDS_FOUND]; /* the first is the counter, once it is found */
static int word_count;
static int compared;	     /* COMPARE: the first of the words that are watched */
static long times;	     /* of this run */
static uint64_t random_bits; /* SEED, and what has become of it */

static struct task *held; /* the window is open: after its load (watch) or before its store (step) */
static bool letting_go;
static long spin_us, spin_limit; /* at the beginning of a window, and now */
static bool spun;		 /* somebody has used it up */
static int steps;		 /* that HELD has made because of that */
static struct task *turn;	 /* step: whose turn it is */
static int slice, turns, turn_limit;
static uint64_t stores[MAX_STORES]; /* step: the instructions that have stored, from the program's base */
static int store_count;
static long value_seen;
static int windows, hits, lost;
static long stores_made;
enum { NOBODY, FIRST, CHILD };
static int victim;		/* who is to be killed in place of being let go on */
static int goes_first;		/* the other one is late */
static bool adds;		/* 1000 to the counter when a child ends: is it told? */
static struct task *at_its_end; /* the child that is held for it */
static bool pokes;		/* 1000 between a load and its store: is it wiped out? */
static uint64_t wipers;		/* a bit a task */
static struct task *frozen;	/* until the one that was let go has stored */
static bool only_looks;		/* nobody is held */
static char story[256];

static struct state *state_of(const struct task *task)
{
	struct state *state = &states[task - tasks];

	if (state->tid != task->tid)
		*state = (struct state){ .tid = task->tid };
	return state;
}

/* One of the program's processes; one that has been forked counts before it is first heard of. */
static bool ours(const struct task *task)
{
	const struct task *known = task->program == NULL && task->parent != NULL ? task->parent : task;

	return !task->dead && known->program == subject;
}

static bool has_others(const struct task *task)
{
	int i;

	for (i = 0; i < task_count; i++)
		if (&tasks[i] != task && ours(&tasks[i]))
			return true;
	return false;
}

/* Has there been another one, dead by now? */
static bool is_left_alone(const struct task *task)
{
	int i;

	for (i = 0; i < task_count; i++)
		if (&tasks[i] != task && tasks[i].program == subject)
			return !has_others(task);
	return false;
}

static int random_below(int end)
{
	random_bits = random_bits * 6364136223846793005u + 1442695040888963407u;
	return (int)((random_bits >> 33) % (uint64_t)end);
}

/* ---- the processor ---- */

#if defined __x86_64__
enum { CAN_STEP = 1 };

static bool set_debug_register(const struct task *task, int number, uint64_t value)
{
	size_t at = offsetof(struct user, u_debugreg) + (size_t)number * sizeof value;

	return ptrace(PTRACE_POKEUSER, task->tid, at, value) != -1;
}

/* Why it was stopped: bits 0 to 3, these watchpoints were touched; bit 14, it has made a single step. Clears
 * them. */
static unsigned why_trapped(const struct task *task)
{
	long why = ptrace(PTRACE_PEEKUSER, task->tid, offsetof(struct user, u_debugreg[6]), 0);

	set_debug_register(task, 6, 0);
	return why == -1 ? 0 : (unsigned)why & 0x400f;
}

static uint64_t program_counter(const struct task *task)
{
	return (uint64_t)ptrace(PTRACE_PEEKUSER, task->tid, offsetof(struct user, regs.rip), 0);
}

static bool at_system_call(const struct task *task)
{
	unsigned char code[2];

	read_memory(task->tid, program_counter(task), code, sizeof code);
	return code[0] == 0x0f && code[1] == 0x05;
}

/* A compare-and-exchange that fails stores what was there before: no update is lost by it. */
static bool is_locked(const struct task *task, uint64_t at)
{
	unsigned char code[4];
	int rex;

	read_memory(task->tid, at, code, sizeof code);
	rex = (code[1] & 0xf0) == 0x40;
	return code[0] == 0xf0 && code[1 + rex] == 0x0f && (code[2 + rex] & 0xfe) == 0xb0;
}
#else /* how to do this elsewhere has not been tried: split will say so */
enum { CAN_STEP = 0 };

static bool set_debug_register(const struct task *task, int number, uint64_t value)
{
	(void)task, (void)number, (void)value;
	return false;
}
#define why_trapped(task)     ((void)(task), 0u)
#define program_counter(task) ((void)(task), (uint64_t)0)
#define at_system_call(task)  ((void)(task), true)
#define is_locked(task, at)   ((void)(task), (void)(at), false)
#endif

/* ---- where the counter is ---- */

/* The mappings that may be shared, without those of named semaphores. BASE: where the program begins. */
static int shared_mappings(const struct task *task, struct mapping *maps, uint64_t *base)
{
	char path[64], line[512], access[8];
	unsigned long start, end;
	int count = 0, i;
	FILE *in;

	*base = 0;
	snprintf(path, sizeof path, "/proc/%d/maps", task->tid);
	if ((in = fopen(path, "re")) == NULL)
		return 0;
	while (count < MAX_SHARED && fgets(line, sizeof line, in) != NULL) {
		if (sscanf(line, "%lx-%lx %7s", &start, &end, access) != 3)
			continue;
		*base = *base == 0 ? start : *base;
		if (strcmp(access, "rw-s") != 0 || strstr(line, "/sem.") != NULL)
			continue;
		maps[count] = (struct mapping){ start, end - start, 0 };
		for (i = 0; i < count; i++)
			maps[count].nth += maps[i].size == maps[count].size;
		count++;
	}
	fclose(in);
	return count;
}

static uint64_t address_of(const struct word *word, const struct mapping *maps, int count)
{
	int i;

	for (i = 0; i < count; i++)
		if (maps[i].size == word->size && maps[i].nth == word->nth)
			return maps[i].start + word->offset;
	return 0;
}

/* Of a long the lower half. */
static long value_at(const struct task *task, uint64_t address)
{
	int32_t value;

	read_memory(task->tid, address, &value, sizeof value);
	return value;
}

/* All words that may be the counter; what an earlier search found in this mapping is forgotten. */
static void search(const struct task *task, const struct mapping *map)
{
	static int32_t content[1 << 18];
	size_t i, size = map->size < sizeof content ? map->size : sizeof content;
	int kept = 0, old;

	for (old = 0; old < word_count; old++)
		if (words[old].size != map->size || words[old].nth != map->nth)
			words[kept++] = words[old];
	word_count = kept;
	read_memory(task->tid, map->start, content, size);
	for (i = 0; i < size / sizeof *content && word_count < MAX_WORDS_FOUND; i++)
		if (content[i] >= 2 && content[i] <= times * MAX_ADDERS)
			words[word_count++] =
				(struct word){ map->size, i * sizeof *content, map->nth, content[i], 0 };
}

static uint64_t bit(const struct task *task)
{
	return (uint64_t)1 << ((task - tasks) % 64);
}

static void is_adder(const struct task *task)
{
	words[0].writers |= bit(task);
}

/* The task is about to end, or to lose a mapping. */
static void last_look(const struct task *task)
{
	struct mapping maps[MAX_SHARED];
	uint64_t base, address;
	int i, count = shared_mappings(task, maps, &base);

	for (i = 0; mode == SEARCH && i < count; i++)
		search(task, &maps[i]);
	for (i = 0; mode != SEARCH && i < word_count; i++)
		if ((address = address_of(&words[i], maps, count)) != 0)
			words[i].value = value_at(task, address);
	if (mode == STEP && words[0].value != value_seen) { /* it was alone, and made no single steps */
		is_adder(task);
		value_seen = words[0].value;
	}
}

/* Set the watchpoints: 0 and 1 on the counter, for any access and for stores, or for stores on all words. */
static void watch_words(const struct task *task, struct state *state)
{
	int i, count, watched = mode == WATCH ? 2 : mode == COMPARE ? word_count - compared : 0;
	struct mapping maps[MAX_SHARED];
	uint64_t address, control = 0;

	state->looked = true;
	count = shared_mappings(task, maps, &state->base);
	state->address = address_of(&words[0], maps, count);
	for (i = 0; i < watched && i < MAX_WATCHED; i++) {
		address = address_of(&words[mode == WATCH ? 0 : compared + i], maps, count);
		if (address != 0 && !set_debug_register(task, i, address))
			mode = REFUSED;
		else if (address != 0) /* debug register 7: enabled, 4 bytes */
			control |= (uint64_t)1 << (2 * i) | (uint64_t)(mode == WATCH && i == 0 ? 0xf : 0xd)
								    << (16 + 4 * i);
	}
	if (control != 0 && !set_debug_register(task, 7, control))
		mode = REFUSED;
}

/* ---- windows ---- */

static long cpu_us(const struct task *task)
{
	struct timespec used;
	clockid_t clock;

	if (clock_getcpuclockid(task->tgid, &clock) != 0 || clock_gettime(clock, &used) == -1)
		return 0;
	return used.tv_sec * 1000000 + used.tv_nsec / 1000;
}

/* Does it sleep in a system call? A vfork() waits uninterruptibly for its child. */
static bool asleep(const struct task *task, unsigned long *switches)
{
	struct look look;

	if (!task->in_call || task->stopped || !look_at(task->tid, &look))
		return false;
	if (look.state != 'S' && !(look.state == 'D' && call_is(task->nr, "vfork,clone,clone3")))
		return false;
	*switches += look.switches;
	return off_processor(task->tid);
}

static bool spins(const struct task *task)
{
	const struct state *state = state_of(task);

	return state->calls > LEAST_CALLS + spin_limit / US_A_CALL || cpu_us(task) - state->cpu > spin_limit;
}

/* Will none of the others store before long? Two looks: see quiet.c. Who only spins rests, if others are held. */
static bool others_rest(void)
{
	bool may_spin =
		mode != STEP && (held != NULL || frozen != NULL || at_its_end != NULL || any_held(HELD_LATE));
	unsigned long switches[2] = { 0, 0 };
	int i, look;

	spun = false;
	for (look = 0; look < 2; look++)
		for (i = 0; i < task_count; i++) {
			if (!ours(&tasks[i]) || tasks[i].held != NOT_HELD ||
			    asleep(&tasks[i], &switches[look]))
				continue;
			if (!may_spin || !spins(&tasks[i]))
				return false;
			spun = true;
		}
	return switches[0] == switches[1];
}

static void hold(struct task *task)
{
	int i;

	task->held = HELD_SPLIT;
	for (i = 0; i < task_count; i++)
		if (ours(&tasks[i])) {
			state_of(&tasks[i])->cpu = cpu_us(&tasks[i]);
			state_of(&tasks[i])->calls = 0;
		}
}

static void let_go(struct task *task)
{
	task->held = NOT_HELD;
	letting_go = true;
	go_on(task);
	letting_go = false;
}

static void add_to_counter(const struct task *task)
{
	uint64_t address = state_of(task)->address;
	long word = ptrace(PTRACE_PEEKDATA, task->tid, address, 0);

	if (ptrace(PTRACE_POKEDATA, task->tid, address, word + 1000) != -1)
		log_line(task, "added to counter=%ld", value_at(task, address));
}

/* It is between its load and its store. */
static void poke(const struct task *task, long loaded)
{
	struct state *state = state_of(task);

	add_to_counter(task);
	state->loaded = loaded;
	state->poked = true;
}

/* All others rest: what is added now is in the counter for good. */
static void add_at_its_end(void)
{
	struct task *task = at_its_end;

	add_to_counter(task);
	let_go(task);
	at_its_end = NULL;
}

static bool is_victim(const struct task *task)
{
	return victim == (task->first ? FIRST : CHILD);
}

/* Its window is over. */
static void end_window(struct task *task)
{
	if (is_victim(task)) {
		victim = NOBODY;
		held = NULL;
		kill(task->tgid, SIGKILL);
		return;
	}
	if (pokes && !state_of(task)->poked)
		poke(task, state_of(task)->loaded);
	let_go(task);
}

static void open_window(struct task *task, long value)
{
	held = task;
	steps = turns = 0;
	spin_limit = spin_us;
	windows++;
	state_of(task)->loaded = value;
	log_line(task, "held counter=%ld", value);
	while (is_victim(task) && any_held(HELD_LATE))
		release_late(); /* the other one shall come to where it waits */
}

static void stored_into_window(const struct task *by, long value)
{
	struct state *state = state_of(held);

	state->stale = true;
	state->stored = value;
	state->by = by->inside;
	hits++;
}

/* The stale one has stored. */
static void update_is_lost(const struct task *task, long value)
{
	const struct state *state = state_of(task);

	log_line(task, "lost update: counter=%ld", value);
	if (lost++ == 0)
		snprintf(
			story, sizeof story,
			"; with pid %d held %s its store, the counter being %ld, pid %d stored %ld, and then "
			"pid %d stored %ld: an update was lost",
			task->inside, mode == WATCH ? "between its load and" : "before", state->loaded,
			state->by, state->stored, task->inside, value);
}

/* What it loaded, plus 1. Of two traps either may be told first: what it loaded may be older than what was seen then. */
static bool one_more(const struct state *state, long value)
{
	long low = state->loaded < state->or_that ? state->loaded : state->or_that;

	return value > low && value <= state->loaded + state->or_that - low + 1;
}

/* Is the instruction that it has just made a compare-and-exchange (of 4 to 11 bytes)? */
static bool was_locked(const struct task *task)
{
	uint64_t end = program_counter(task);
	int length = 4;

	while (length <= 11 && !is_locked(task, end - (uint64_t)length))
		length++;
	return length <= 11;
}

static void thaw(void)
{
	struct task *task = frozen;

	frozen = NULL;
	if (task != NULL && task->held == HELD_SPLIT)
		let_go(task);
}

static void all_others_are_stale(const struct task *task)
{
	int i;

	for (i = 0; i < task_count; i++)
		if (&tasks[i] != task && ours(&tasks[i]) && state_of(&tasks[i])->pending)
			state_of(&tasks[i])->stale = true;
}

/* The task has touched the counter. */
static void watch_trap(struct task *task, bool store)
{
	struct state *state = state_of(task);
	long value = value_at(task, state->address);
	struct task *loader = held;

	if (task == held)
		held = NULL;
	if (state->stale && store && only_looks)
		lost++;
	else if (state->stale && store && !was_locked(task))
		update_is_lost(task, value);
	if (store && state->poked && one_more(state, value))
		wipers |= bit(task);
	state->poked = false;
	if (store)
		thaw();
	else if (pokes && (wipers & bit(task)) == 0 && is_left_alone(task))
		poke(task, value);
	state->stale = false;
	state->pending = !store;
	state->or_that = state->before;
	value_seen = value;
	if (store) {
		state->vain = 0;
		is_adder(task);
	}
	if (only_looks) {
		if (store)
			all_others_are_stale(task);
		else /* of traps on two processors either may be told first */
			state->stale = stores_made != state->stores_before;
		stores_made += store;
		return;
	}
	if (store && held != NULL && value != state_of(held)->loaded) {
		stored_into_window(task, value);
		held = NULL;
		frozen = pokes ? task : NULL;
		end_window(loader);
	} else if (!store && held == NULL && !adds && (!pokes || (wipers & bit(task)) == 0) &&
		   windows < MAX_WINDOWS && state->vain < MAX_VAIN && has_others(task)) {
		state->vain++;
		open_window(task, value);
	}
}

static void tend_window(void)
{
	struct task *task = held;
	unsigned long ignored = 0;

	if (frozen != NULL && others_rest())
		thaw();
	if (held != NULL && (held->dead || asleep(held, &ignored)))
		held = NULL;
	if (held == NULL || held->held == NOT_HELD || !others_rest())
		return;
	if (spun) {
		spin_limit = LEAST_SPIN_US;
		spin_us = steps == 0 && spin_us > LEAST_SPIN_US ? spin_us / 2 : spin_us;
		if (++steps > MAX_STEPS)
			held = NULL;
	}
	end_window(task);
}

/* ---- single steps ---- */

static bool is_known_store(uint64_t at)
{
	int i = 0;

	while (i < store_count && stores[i] != at)
		i++;
	return i < store_count;
}

static void step_trap(struct task *task)
{
	struct state *state = state_of(task);
	long value = state->address != 0 ? value_at(task, state->address) : value_seen;
	uint64_t made = state->pc;

	if (value != value_seen)
		is_adder(task);
	if (value != value_seen && !is_known_store(made - state->base) && store_count < MAX_STORES)
		stores[store_count++] = made - state->base;
	if (value != value_seen && held != NULL && held != task && !state_of(held)->stale)
		stored_into_window(task, value);
	if (held == task) {
		if (state->stale && value <= value_seen && !is_locked(task, made))
			update_is_lost(task, value);
		state->stale = false;
		held = NULL;
	}
	value_seen = value;
	state->pc = program_counter(task);
	if (held == NULL && windows < MAX_WINDOWS && is_known_store(state->pc - state->base)) {
		open_window(task, value);
		turn = NULL;
	} else if (--slice <= 0) {
		turn = NULL;
	}
}

static void next_turn(void)
{
	struct task *ready[MAX_TASKS];
	unsigned long ignored = 0;
	int count = 0, i;

	if (held != NULL && held->dead)
		held = NULL;
	if (turn != NULL && !turn->dead && has_others(turn) && !asleep(turn, &ignored))
		return;
	turn = NULL;
	for (i = 0; i < task_count; i++)
		if (ours(&tasks[i]) && tasks[i].held == HELD_SPLIT && &tasks[i] != held)
			ready[count++] = &tasks[i];
	if (held != NULL && (state_of(held)->stale || turns >= turn_limit || (count == 0 && others_rest())))
		turn = held;
	else if (count > 0)
		turn = ready[random_below(count)];
	else
		return;
	if (turns++ == turn_limit && turn_limit > LEAST_TURNS)
		turn_limit /= 2;
	slice = 1 + random_below(MAX_SLICE);
	if (turn == held)
		end_window(turn);
	else
		let_go(turn);
}

/* ---- called by trace.c ---- */

bool split_is_on(void)
{
	return mode != OFF && mode != REFUSED;
}

int split_request(struct task *task)
{
	struct state *state = state_of(task);
	bool stepping = mode == STEP && has_others(task);

	state->stores_before = stores_made;
	state->before = value_seen;
	if (mode == OFF || !ours(task) || !task->ready)
		return PTRACE_SYSCALL;
	if (task->in_call) {
		state->calls++;
		if (adds && !task->first && state->address != 0 && !letting_go && at_its_end == NULL &&
		    call_is(task->nr, "munmap,shmdt,exit_group")) {
			at_its_end = task;
			hold(task);
			return 0;
		}
		if (call_is(task->nr, "munmap,shmdt,exit_group"))
			last_look(task);
		if (call_is(task->nr, "mmap,munmap,shmat,shmdt,execve"))
			state->looked = false;
		return PTRACE_SYSCALL;
	}
	if (!state->looked)
		watch_words(task, state);
	if (!letting_go && (stepping ? task != turn : task == held || task == frozen)) {
		hold(task);
		return 0;
	}
	if ((stepping || (task == held && spun)) && !at_system_call(task))
		return PTRACE_SINGLESTEP;
	return PTRACE_SYSCALL;
}

bool split_trap(struct task *task)
{
	unsigned why = mode == OFF || !ours(task) ? 0 : why_trapped(task);
	int i;

	if (mode == STEP && why != 0)
		step_trap(task);
	if (mode == WATCH && (why & 3) != 0)
		watch_trap(task, (why & 2) != 0);
	for (i = 0; mode == COMPARE && i < MAX_WATCHED; i++)
		if ((why & (1u << i)) != 0)
			words[compared + i].writers |= bit(task);
	return why != 0;
}

/* ---- the commands ---- */

static void put_an_end(void)
{
	int i;

	for (i = 0; i < task_count; i++)
		if (ours(&tasks[i]))
			kill(tasks[i].tgid, SIGKILL);
	while (has_others(NULL) || !subject->ended) {
		handle_stops();
		handle_keeper();
		wait_for_news(10);
	}
}

/* It was said to be a deadlock; but a window may have opened meanwhile, or a wait(2) be about to return. */
static bool surely_stuck(void)
{
	return held == NULL && turn == NULL && !any_held(HELD_SPLIT) && others_rest();
}

/* Run PROGRAM ARG... COUNT. TEXT is how it ended, or (and false is returned) why it would not. */
static bool run(const char *name, int argc, char *argv[], long count, char *text, size_t size)
{
	char last[24], *line[MAX_WORDS + 1];
	bool news = true, ends = true, look;
	long start = now_ms();
	bool late_before[2] = { late_child, late_parent };
	enum sleeps sleeps_before = sleeps;
	int rounds = 0, i;

	snprintf(last, sizeof last, "%ld", count);
	memcpy(line, argv, sizeof *line * (size_t)argc);
	line[argc] = last;
	times = count;
	for (i = 0; i < word_count; i++) {
		words[i].value = 0;
		words[i].writers = mode == COMPARE ? words[i].writers : 0;
	}
	held = turn = frozen = at_its_end = NULL;
	windows = hits = lost = 0;
	value_seen = 0;
	*story = '\0';
	spin_us = spin_limit = SPIN_US;
	turn_limit = TURNS;
	late_child = victim == FIRST || goes_first == FIRST; /* the order is made here */
	late_parent = victim == CHILD || goes_first == CHILD;
	sleeps = SLEEPS_SKIPPED;
	subject = start_program(name, argc + 1, line, false, true);
	while (ends && mode != REFUSED && (!subject->ended || has_others(NULL))) {
		handle_keeper();
		handle_stops();
		look = !news || ++rounds % 64 == 0; /* those that spin make news without end */
		if (look && held == NULL && any_held(HELD_LATE) && others_rest())
			release_late();
		if (look && at_its_end != NULL && (at_its_end->dead || others_rest()))
			add_at_its_end();
		if (mode == STEP)
			next_turn();
		else if (look)
			tend_window();
		if (look && ((held == NULL && turn == NULL) || now_ms() - start > WALL_LIMIT_MS)) {
			forget_idling(); /* others have waited for the one that was held */
			if (hopeless("exit", start, text, size))
				ends = *text == 'd' && !surely_stuck();
		}
		news = wait_for_news(news ? 0 : 1) > 0;
	}
	if (!ends || mode == REFUSED)
		put_an_end();
	else
		status_text(subject->status, text, size);
	late_child = late_before[0];
	late_parent = late_before[1];
	sleeps = sleeps_before;
	mode = mode == REFUSED ? REFUSED : OFF;
	return ends && mode == OFF;
}

static int by_value(const void *a, const void *b)
{
	long one = ((const struct word *)a)->value, other = ((const struct word *)b)->value;

	return (one < other) - (one > other);
}

static int ones(uint64_t bits)
{
	int count = 0;

	for (; bits != 0; bits &= bits - 1)
		count++;
	return count;
}

static int writers(const struct word *word)
{
	return ones(word->writers);
}

static int by_writers(const void *a, const void *b)
{
	return writers(a) != writers(b) ? writers(b) - writers(a) : by_value(a, b);
}

static bool find_counter(const char *name, int argc, char *argv[], char *text, size_t size)
{
	size_t used;
	int i;

	word_count = store_count = 0;
	mode = SEARCH;
	/* more than 128, which is found in every sem_t */
	if (!run(name, argc, argv, 130 + random_below(50), text, size))
		return false;
	qsort(words, (size_t)word_count, sizeof *words, by_value);
	if (word_count > 1) {
		word_count = word_count > MAX_COMPARED ? MAX_COMPARED : word_count;
		for (compared = 0; compared < word_count; compared += MAX_WATCHED) {
			mode = COMPARE;
			if (!run(name, argc, argv, 130 + random_below(50), text, size) && mode != REFUSED)
				return false;
		}
		qsort(words, (size_t)word_count, sizeof *words, by_writers);
		for (i = 1;
		     i < word_count && writers(&words[0]) > 1 && writers(&words[i]) == writers(&words[0]);)
			i++;
		word_count = i;
	}
	used = strlen(text);
	if (word_count == 0)
		snprintf(text + used, size - used, ", no counter in shared memory");
	else
		snprintf(text + used, size - used,
			 ", times=%ld counter=%ld at byte %lu of mapping %d of %lu bytes candidates=%d",
			 times, words[0].value, (unsigned long)words[0].offset, words[0].nth + 1,
			 (unsigned long)words[0].size, word_count);
	return word_count > 0;
}

static bool choose(int nth, char *text, size_t size)
{
	struct word chosen;

	if (nth < 1 || nth > word_count) {
		snprintf(text, size, "there is no candidate %d", nth);
		return false;
	}
	chosen = words[nth - 1];
	words[nth - 1] = words[0];
	words[0] = chosen;
	store_count = 0;
	snprintf(text, size, "chosen");
	return true;
}

static bool split_counter(const char *name, const char *how, long count, int argc, char *argv[], char *text,
			  size_t size)
{
	char end[4096] = "watchpoint: refused";
	const char *method = "watch";
	bool ended = false;

	victim = strcmp(how, "kill-first") == 0 ? FIRST : strcmp(how, "kill-child") == 0 ? CHILD : NOBODY;
	goes_first = strcmp(how, "late-child") == 0    ? FIRST
		     : strcmp(how, "late-parent") == 0 ? CHILD
						       : NOBODY;
	only_looks = goes_first != NOBODY;
	adds = strcmp(how, "add") == 0;
	pokes = strcmp(how, "poke") == 0;
	wipers = 0;
	mode = strcmp(how, "step") == 0 ? REFUSED : WATCH;
	if (mode == WATCH)
		ended = run(name, argc, argv, count, end, sizeof end);
	if (mode == REFUSED && CAN_STEP && strcmp(how, "watch") != 0 && !only_looks && !pokes) {
		method = "step";
		mode = STEP;
		ended = store_count > 0 || run(name, argc, argv, 3, end, sizeof end);
		mode = STEP;
		ended = ended && run(name, argc, argv, count, end, sizeof end);
	}
	if (mode == REFUSED) {
		snprintf(text, size, "%s", end);
		return false;
	}
	snprintf(text, size,
		 "windows=%d stores-into-window=%d lost=%d final=%ld adders=%d wiped=%d method=%s %s%s",
		 windows, hits, lost, words[0].value, writers(&words[0]), ones(wipers), method, end, story);
	return ended;
}

/* Do the command that main.c has got. TEXT is the answer; returns whether it is "ok". */
bool split_command(int argc, char *argv[], char *text, size_t size)
{
	bool counter = strcmp(argv[0], "counter") == 0;

	if (strcmp(argv[0], "choose") == 0)
		return choose(atoi(argv[1]), text, size);
	random_bits = strtoull(argv[counter ? 2 : 4], NULL, 10);
	if (counter)
		return find_counter(argv[1], argc - 3, argv + 3, text, size);
	if (word_count > 0)
		return split_counter(argv[1], argv[2], atol(argv[3]), argc - 5, argv + 5, text, size);
	snprintf(text, size, "no counter has been found");
	return false;
}
