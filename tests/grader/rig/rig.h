/*
 * rig.h - the rig runs a pair of programs in a sandbox, watches what they do, and decides who goes first.
 *
 *   main.c    the commands that a contract gives, one line each, and the answers
 *   stage.c   the sandbox (bubblewrap) and the keeper in it, which starts the programs
 *   keeper.c  process 1 of the sandbox: a program of its own
 *   trace.c   every system call of every process (ptrace(2)), and the rules that bend one of them
 *   calls.c   the system calls by name, and their line in the trace
 *   look.c    what /proc says: state, descriptors, who holds which end of a pipe
 *   quiet.c   is everybody waiting, and for whom: a deadlock is named, not timed
 *   split.c   a lost update made certain: one process is held between its load and its store
 */
#ifndef RIG_H
#define RIG_H

#include <limits.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <sys/types.h>

enum {
	MAX_TASKS = 256,
	MAX_PROGRAMS = 32,
	MAX_RULES = 32,
	MAX_KEPT = 16,
	MAX_WORDS = 64,
	ENDLESS_SLEEPS = 500,	   /* it will poll for ever */
	ENDLESS_EPIPES = 1000,	   /* it will write to nobody for ever */
	ENDLESS_LOOKS = 1000,	   /* it will look for what is not there for ever */
	ENDLESS_EAGAINS = 20000,   /* in a row: a net, as the limits below */
	POLLING_SLEEPS = 20,	   /* so many sleeps skipped in a row: it waits by polling */
	LATE_POLLING_SLEEPS = 250, /* the same if somebody is late: it may be meant as a delay */
	LOOKS_TO_A_NAP = 40, /* so many questions in a row that change nothing: it naps, see look_again() */
	SPIN_MS = 30, /* so much processor time without a system call that counts: it waits by spinning */
	LONG_SPIN_MS =
		600, /* the same for a loop without calls, if somebody is late: it may be meant as a delay */
	LATE_TIMER_MS = 2000, /* a timer of less than this is let run out before a late one is let go */
	CPU_LIMIT_MS = 3000,  /* a net, not a measure: no lab needs a tenth of it */
	WALL_LIMIT_MS = 60000 /* the same */
};

/* A program that was started by the contract, under the name the contract gave it. */
struct program {
	char name[32];
	pid_t first;  /* its process, in our pid namespace */
	pid_t inside; /* and in its own */
	bool traced, ended;
	int status;   /* as wait(2) gives it */
	int terminal; /* our side of its terminal, or -1 */
	int feed;     /* our end of the pipe that is its stdin, or -1 */
	ino_t stdin_inode;
	int out; /* the file that the terminal's output goes to */
};

enum held { NOT_HELD, HELD_BY_RULE, HELD_LATE, HELD_ASLEEP, HELD_SPLIT };

/* What becomes of sleep() and its like: see main.c, "sleeps". */
enum sleeps { SLEEPS_VIRTUAL, SLEEPS_SKIPPED, SLEEPS_REAL };

/* One thread of a traced process (nearly always: one process). */
struct task {
	pid_t tid, tgid, inside; /* inside: the process's pid as it sees it itself */
	struct task *parent;
	struct program *program;
	bool first; /* the process that the contract started, not a descendant */
	bool ready; /* told by its parent's fork as well as by its own stop */
	bool stopped;
	bool suspended; /* by SIGSTOP or its like: until another one continues it */
	int deliver;	/* the signal to pass on when it goes on */
	enum held held;
	bool in_call;
	unsigned long began; /* the trace's last line when the call began */
	long nr;	     /* the call it is in, or was in last */
	uint64_t args[6];
	bool forge; /* the call was left out: give this result */
	int64_t forged;
	uint64_t real_arg; /* an argument that was lowered, to be put back */
	int lowered;	   /* which one; -1 none */
	int sleeps;	   /* not really slept since the last of the others was let go */
	long wake_at;	   /* HELD_ASLEEP: until then, in virtual milliseconds */
	int looks;	   /* questions in a row that change nothing */
	int epipes;	   /* writes to a pipe that nobody can read */
	int refused;	   /* calls that a rule has let fail */
	int vain;	   /* looks in a row that found nothing: see count_vain() */
	long vain_nr, vain_error;
	bool got_bytes;	  /* from a pipe, since the last look at it */
	int signal_first; /* the call was left out for this signal to come before it */
	int eagains;	  /* in a row, while nobody was let go */
	bool has_timer;
	long timer_due;		   /* in real milliseconds; 0: not soon */
	long calls;		   /* but for those that only ask for the time */
	bool makes_calls;	   /* in the last PACE_MS of its processor time; */
	long pace_calls, pace_cpu; /* then CALLS was this */
	bool dead;
	long last_read_cpu;
	char *mappings; /* what the trace last said that it has mapped */
};

enum action {
	A_FAIL,
	A_SHORT,
	A_POKE,
	A_HOLD,
	A_HOLD_AFTER,
	A_SETPIPE,
	A_KEEP_WRITE,
	A_KEEP_READ,
	A_KILL,
	A_SKIP,
	A_SIGNAL,
	A_LATE,
	A_MAP_SHARED,
	A_MAP_PRIVATE
};

/* What to do at a system call: see main.c, "rule". */
struct rule {
	char who[48];
	char calls[160];
	char on[96]; /* only if the object's name has this in it */
	int nth;     /* only at its nth match; 0: at each */
	enum action action;
	int64_t arg;
	int seen;
	bool removed;
};

extern struct task tasks[MAX_TASKS];
extern int task_count;
extern struct program programs[MAX_PROGRAMS];
extern int program_count;
extern struct rule rules[MAX_RULES];
extern int rule_count;
extern FILE *trace_log;
extern char stage_dir[4096]; /* the real path of DIR */
extern bool late_child, late_parent, tracing, log_mappings;
extern enum sleeps sleeps;
extern unsigned long happened; /* counts what the tracer saw: if it stands still, nothing happened */

/* trace.c */
int seize(struct program *program, pid_t pid);
void handle_stops(void); /* all that waitpid(2) has to tell, without waiting */
void go_on(struct task *task);
void forget_idling(void); /* there is something new to look at */
void release_late(void);
void wake_next(void); /* the sleeper whose time comes first */
bool polls_for_ever(const struct task *task);
int release_held(const char *who);
bool any_held(enum held held);
bool is_who(const struct task *task, const char *who);
int drop_kept_ends(void);
void read_memory(pid_t pid, uint64_t address, void *to, size_t size);
struct task *find_task(pid_t tid);

/* calls.c */
const char *call_name(long nr); /* NULL: one that no check asks about */
bool call_is(long nr, const char *names);
int call_fd(const struct task *task); /* the descriptor it works on or waits for, or -1 */
void call_object(const struct task *task, char *to, size_t size); /* "pipe A", a path, "" */
void log_call(const struct task *task, int64_t result);
extern unsigned long trace_lines;
void log_line(const struct task *task, const char *format, ...) __attribute__((format(printf, 2, 3)));
const char *signal_name(int sig);
int signal_number(const char *name);
const char *error_name(int number);
int error_number(const char *name);
const char *status_text(int status, char *to, size_t size);

/* look.c */
struct look {
	char state;
	unsigned long switches;
	long cpu_ms;
};
bool look_at(pid_t tid, struct look *look);
bool off_processor(pid_t tid); /* a sleeper may be about to wake, or not to fall asleep, and in state S */
bool fd_object(pid_t pid, int fd, char *to, size_t size);
bool fd_is_pipe(pid_t pid, int fd);
int epoll_pipe(pid_t pid, int epoll);
bool fd_writes(pid_t pid, int fd);
int borrow_fd(pid_t pid, int fd); /* the same open file: no new reader or writer comes into being */
bool pipe_fill(pid_t pid, int fd, int *queued, int *capacity);
void holders_text(pid_t pid, int fd, bool write_end, char *to, size_t size);
const char *task_text(const struct task *task, char *to, size_t size);
pid_t inside_pid(pid_t pid);
int threads_tgid(pid_t tid);
void list_holders(FILE *to);
void mappings_text(pid_t pid, char *to, size_t size);

/* quiet.c */
enum rest { BUSY, ALL_WAIT, ALL_GONE };
enum rest at_rest(void); /* held processes do not count; polling and spinning do as waiting */
bool waits_in(const struct task *task, const char *calls, char *why, size_t size);
void waits_text(char *to, size_t size);
bool stuck(void);
long program_cpu_ms(const struct program *program);

/* stage.c */
struct stage_options {
	const char *dir;    /* where the trace and the outputs go */
	const char *keeper; /* the keeper's program */
	char *binds[16];    /* "/outside=/inside", the directories that the programs may see */
	int bind_count;
	bool sandbox;
};
bool open_stage(const struct stage_options *options);
extern bool open_stdin; /* of the programs started from now on: a pipe that we write to, not /dev/null */
struct program *start_program(const char *name, int argc, char *argv[], bool on_terminal, bool traced);
bool feed_program(struct program *program, const char *text); /* a line to its stdin; NULL: no more */
bool ask_keeper(int argc, char *argv[], char *answer, size_t size);
void handle_keeper(void);
void drain_terminal(struct program *program);
int wait_for_news(int milliseconds); /* until a process stops, the keeper speaks or a terminal has output */
struct program *find_program(const char *name);
void add_environment(const char *name, const char *value);
_Noreturn void broken(const char *format, ...) __attribute__((format(printf, 1, 2)));

/* main.c */
long now_ms(void);
bool hopeless(const char *what, long start, char *text, size_t size);

/* split.c */
int split_request(struct task *task); /* how it is to go on: PTRACE_SYSCALL, _SINGLESTEP; 0: not now */
bool split_trap(struct task *task);   /* was its SIGTRAP one of ours? */
bool split_is_on(void);		      /* then it decides who is held */
bool split_command(int argc, char *argv[], char *text, size_t size);

#endif
