/*
 * main.c - the rig: runs programs in a sandbox, watches them, and answers questions about them.
 *
 * usage: rig [-n] -d DIR -k KEEPER [-b OUTSIDE=INSIDE]...
 *
 *   -d DIR    for the trace (DIR/trace) and the programs' outputs (DIR/NAME.out, DIR/NAME.err)
 *   -k KEEPER the program that becomes process 1 of the sandbox
 *   -b        a directory that the programs may see, read-only
 *   -n        no sandbox: where the machine forbids namespaces
 *
 * It reads commands from stdin, a line each, words separated by the character 0x1f (or, if there is none, by
 * blanks), and answers each with one line: "ok ...", "no ..." (it did not come about: why), "broken ..." (the
 * rig itself failed). WHO is any, first, child, NAME, NAME.first or NAME.child: the programs by the name they
 * were started under, their first process or its descendants.
 *
 *   start NAME PROGRAM ARG...    start a program; NAME for the other commands
 *   until exit NAME              wait until it ends: "ok exit status 0", "ok killed by SIGPIPE"
 *   until blocked WHO CALLS [ON] wait until one of WHO sleeps in one of CALLS (read,write), on an object that
 *                                has ON in its name (pipe:, fifo:, a path): "ok pid=2 who=... call=... ..."
 *   until quiet                  wait until all are waiting (or only poll, or spin) or have ended
 *   until held                   wait until a rule holds a process
 *   until says NAME TEXT         wait until a line of its output has TEXT in it
 *   go WHO                       let those go on that a rule holds
 *   signal WHO SIG               send a signal
 *   rule WHO CALLS[/ON][@N] ACTION [ARG]      at each (at the Nth) such call:
 *       fail ERRNO  |  skip  |  short COUNT (lower its count)  |  poke (change the letters of the payload)
 *       hold (before it)  |  hold-after  |  late (after it, until all others wait)
 *       setpipe SIZE (of the pipe it made, opened or worked on)  |  keep-write, keep-read (at pipe() or
 *       open() of a FIFO)  |  kill SIG  |  signal SIG (it comes just before the call)
 *       map-shared, map-private (the mapping that mmap() makes)
 *   forget                       drop all rules
 *   drop                         close the pipe ends that keep-write and keep-read keep
 *   order child|parent|none      a new child (a parent that forked) waits until all others do
 *   sleeps skip|real             skip: sleep() and its like return at once
 *   trace on|off                 for programs started from now on; off: only their end and output are seen
 *   output file|terminal         the same
 *   stdin on|off                 the same; on: an open stdin, off: /dev/null
 *   feed NAME TEXT               a line to its open stdin
 *   hang-up NAME                 no more of them
 *   env NAME VALUE               for programs started from now on
 *   holders                      all ends of pipes: "ok" and a count, the lines in DIR/holders
 *   waiting                      who waits for what, in words
 *   mappings                     from now on the trace tells what files and shared memory each process has
 *                                mapped, and how many of its pages are its own copies, as that changes
 *   counter NAME SEED PROGRAM ARG...          where is the counter that PROGRAM ARG... TIMES adds to?
 *   split NAME HOW TIMES SEED PROGRAM ARG...  a lost update made certain: see split.c
 *   left | file ... | fifo ... | directory ... | remove ... | read ... | stat ...   see keeper.c
 *
 * Nothing is decided by the clock: a wait ends when its condition holds or when it can be shown that it never
 * will (everybody waits, or has ended). The limits on processor time and on time are a net below that.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "rig.h"

static struct stage_options options = { .sandbox = true };
static bool on_terminal;
char stage_dir[4096];

static void answer(const char *verdict, const char *text)
{
	fflush(trace_log); /* before the answer: it may be read at once */
	printf("%s %s\n", verdict, text);
	fflush(stdout);
}

long now_ms(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

/* ---- until ---- */

static bool says(const char *name, const char *text)
{
	char path[PATH_MAX], *line = NULL;
	bool found = false;
	size_t size = 0;
	FILE *in;

	snprintf(path, sizeof path, "%s/%s.out", options.dir, name);
	if ((in = fopen(path, "r")) == NULL)
		return false;
	while (!found && getline(&line, &size, in) != -1)
		found = strstr(line, text) != NULL && strchr(line, '\n') != NULL;
	free(line);
	fclose(in);
	return found;
}

/* Nothing more happens by itself: all wait or have ended. */
static bool quiet(void)
{
	int i;

	if (any_held(HELD_LATE) || at_rest() == BUSY)
		return false;
	for (i = 0; i < task_count;
	     i++) /* who sleeps will go on, unless it does nothing but sleep and look */
		if (!tasks[i].dead && tasks[i].held == HELD_ASLEEP && tasks[i].sleeps < POLLING_SLEEPS)
			return false;
	return true;
}

static void drain_terminals(void)
{
	int i;

	for (i = 0; i < program_count; i++)
		drain_terminal(&programs[i]);
}

static bool reached(int argc, char *argv[], char *text, size_t size)
{
	const char *what = argv[1];
	struct program *program;
	int i;

	drain_terminals();
	if (strcmp(what, "exit") == 0) {
		program = find_program(argv[2]);
		if (program == NULL)
			broken("no program %s", argv[2]);
		/* What it leaves running comes to rest first: the trace shall be whole. */
		if (!program->ended || (program->traced && !quiet()))
			return false;
		drain_terminal(program);
		status_text(program->status, text, size);
		return true;
	}
	if (strcmp(what, "blocked") == 0) {
		for (i = 0; i < task_count; i++)
			if (is_who(&tasks[i], argv[2]) && waits_in(&tasks[i], argv[3], text, size) &&
			    (argc < 5 || strstr(strstr(text, " on="), argv[4]) != NULL))
				return true;
		return false;
	}
	snprintf(text, size, "%s", what);
	if (strcmp(what, "held") == 0)
		return any_held(HELD_BY_RULE);
	if (strcmp(what, "says") == 0)
		return says(argv[2], argv[3]);
	return strcmp(what, "quiet") == 0 && quiet();
}

static bool all_ended(void)
{
	int i;

	for (i = 0; i < program_count; i++)
		if (!programs[i].ended)
			return false;
	return true;
}

static bool polls_without_end(char *text, size_t size)
{
	char who[80];
	int i;

	for (i = 0; i < task_count; i++)
		if (polls_for_ever(&tasks[i])) {
			snprintf(text, size, "polls: %s has slept and looked %d times: ",
				 task_text(&tasks[i], who, sizeof who), ENDLESS_SLEEPS);
			waits_text(text + strlen(text), size - strlen(text));
			return true;
		}
	return false;
}

/* Its process has ended, and only the keeper's word is missing. */
static bool about_to_end(const struct program *program)
{
	int i;

	for (i = 0; i < task_count; i++)
		if (tasks[i].program == program && tasks[i].first && !tasks[i].dead)
			return false;
	return program->traced && !program->ended;
}

static bool ends_now(void)
{
	int i;

	for (i = 0; i < program_count; i++)
		if (about_to_end(&programs[i]))
			return true;
	return false;
}

static bool tries_in_vain(char *text, size_t size)
{
	char who[80];
	int i;

	for (i = 0; i < task_count; i++) {
		if (!tasks[i].dead && tasks[i].epipes >= ENDLESS_EPIPES) {
			snprintf(text, size,
				 "spins: %s has written to a pipe %d times, each failed with EPIPE",
				 task_text(&tasks[i], who, sizeof who), ENDLESS_EPIPES);
			return true;
		}
		if (!tasks[i].dead && tasks[i].refused >= ENDLESS_EPIPES) {
			snprintf(text, size, "spins: %s goes on, although a call of it has failed %d times",
				 task_text(&tasks[i], who, sizeof who), ENDLESS_EPIPES);
			return true;
		}
		if (!tasks[i].dead && tasks[i].vain >= ENDLESS_LOOKS) {
			const char *name = call_name(tasks[i].vain_nr);

			snprintf(text, size,
				 "spins: %s has looked %d times in a row and found nothing (%s(): %s)",
				 task_text(&tasks[i], who, sizeof who), ENDLESS_LOOKS,
				 name != NULL ? name : "a call",
				 tasks[i].vain_error != 0 ? error_name((int)tasks[i].vain_error)
				 : call_is(tasks[i].vain_nr, "read,readv") ? "end of file"
									   : "returned at once");
			return true;
		}
		if (!tasks[i].dead && tasks[i].eagains >= ENDLESS_EAGAINS) {
			snprintf(text, size,
				 "spins: %s has tried %d times in a row, and each failed with EAGAIN",
				 task_text(&tasks[i], who, sizeof who), ENDLESS_EAGAINS);
			return true;
		}
	}
	return false;
}

static bool somebody_has_a_timer(void)
{
	int i;

	for (i = 0; i < task_count; i++)
		if (!tasks[i].dead && tasks[i].has_timer)
			return true;
	return false;
}

/* It will not come about any more: why not? */
bool hopeless(const char *what, long start, char *text, size_t size)
{
	int i;

	if (all_ended() && strcmp(what, "exit") != 0) {
		snprintf(text, size, "ended: all programs have ended");
		return true;
	}
	if (ends_now())
		return false;
	if (strcmp(what, "quiet") != 0 && polls_without_end(text, size))
		return true;
	for (i = 0; i < program_count; i++)
		if (program_cpu_ms(&programs[i]) > CPU_LIMIT_MS) { /* it may have ended, and left a child */
			snprintf(text, size, "spins: %s has used %d ms of processor time: ", programs[i].name,
				 CPU_LIMIT_MS);
			waits_text(text + strlen(text), size - strlen(text));
			return true;
		}
	if (now_ms() - start > WALL_LIMIT_MS) {
		snprintf(text, size, "limit: not within %d s: ", WALL_LIMIT_MS / 1000);
		waits_text(text + strlen(text), size - strlen(text));
		if (task_count > 0 && !somebody_has_a_timer())
			broken("%s (has the machine stood still?)", text);
		return true;
	}
	if (task_count > 0 && !any_held(HELD_LATE) && !any_held(HELD_ASLEEP) &&
	    (stuck() || (any_held(HELD_BY_RULE) && at_rest() == ALL_GONE)) && !ends_now()) {
		snprintf(text, size, "deadlock: ");
		waits_text(text + strlen(text), size - strlen(text));
		return true;
	}
	return false;
}

static void until(int argc, char *argv[])
{
	static char text[8192], late_text[8192];
	long start = now_ms();
	int pause = 0;

	for (;;) {
		unsigned long before = happened;

		handle_keeper();
		handle_stops();
		if (reached(argc, argv, text, sizeof text)) {
			drain_terminals(); /* what was written before it came about */
			answer("ok", text);
			return;
		}
		if (tries_in_vain(text, sizeof text)) { /* it makes news all the time */
			if (!any_held(HELD_LATE)) {
				answer("no", text);
				return;
			}
			release_late(); /* that it waits for */
		}
		if (before == happened && pause > 0) {
			if ((any_held(HELD_LATE) || any_held(HELD_ASLEEP)) && at_rest() != BUSY) {
				if (reached(argc, argv, text,
					    sizeof text)) { /* it has, before they came to rest */
					drain_terminals();
					answer("ok", text);
					return;
				}
				if (any_held(HELD_LATE))
					release_late();
				else
					wake_next();
				if (!polls_without_end(text, sizeof text))
					continue;
				/* all rest, and to poll is to rest */
				answer(strcmp(argv[1], "quiet") == 0 ? "ok" : "no", text);
				return;
			}
			if (hopeless(argv[1], start, text, sizeof text)) {
				/* the end may have come while we looked */
				handle_keeper();
				if (reached(argc, argv, late_text, sizeof late_text))
					answer("ok", late_text);
				else
					answer("no", text);
				return;
			}
		}
		if (wait_for_news(pause) > 0)
			pause = 0;
		else
			pause = pause == 0 ? 1 : pause < 4 ? pause * 2 : 4;
	}
}

/* ---- the other commands ---- */

/* Who is about to end shall have ended, and who is asleep sleeps on: then what is there is left behind. */
static void let_all_come_to_rest(void)
{
	static char text[8192];
	long start = now_ms();

	for (;;) {
		handle_keeper();
		if (at_rest() != BUSY || tries_in_vain(text, sizeof text) ||
		    hopeless("rest", start, text, sizeof text))
			return;
		wait_for_news(1);
	}
}

static void make_rule(int argc, char *argv[])
{
	static const char *const actions[] = { "fail",	     "short",	   "poke",	 "hold",
					       "hold-after", "setpipe",	   "keep-write", "keep-read",
					       "kill",	     "skip",	   "signal",	 "late",
					       "map-shared", "map-private" };
	struct rule *rule = &rules[rule_count];
	char *at;
	int i;

	if (rule_count == MAX_RULES)
		broken("too many rules");
	memset(rule, 0, sizeof *rule);
	snprintf(rule->who, sizeof rule->who, "%s", argv[1]);
	if ((at = strrchr(argv[2], '@')) != NULL) {
		rule->nth = atoi(at + 1);
		*at = '\0';
	}
	if ((at = strchr(argv[2], '/')) != NULL) {
		snprintf(rule->on, sizeof rule->on, "%s", at + 1);
		*at = '\0';
	}
	snprintf(rule->calls, sizeof rule->calls, "%s", argv[2]);
	for (i = 0; i < (int)(sizeof actions / sizeof *actions); i++)
		if (strcmp(actions[i], argv[3]) == 0)
			break;
	if (i == (int)(sizeof actions / sizeof *actions))
		broken("no action %s", argv[3]);
	rule->action = (enum action)i;
	if (argc > 4)
		rule->arg = rule->action == A_FAIL				 ? error_number(argv[4])
			    : rule->action == A_KILL || rule->action == A_SIGNAL ? signal_number(argv[4])
										 : atoll(argv[4]);
	rule_count++;
	answer("ok", "rule");
}

static void send_signal(char *argv[])
{
	int sig = signal_number(argv[2]), count = 0, i;
	struct program *program = find_program(argv[1]);
	char text[32];

	if (program != NULL && !program->traced) {
		count = !program->ended && kill(program->first, sig) == 0;
	} else {
		for (i = 0; i < task_count; i++)
			if (!tasks[i].dead && tasks[i].tid == tasks[i].tgid && is_who(&tasks[i], argv[1]))
				count += kill(tasks[i].tgid, sig) == 0;
	}
	forget_idling(); /* who sleeps may have been woken */
	snprintf(text, sizeof text, "signalled %d", count);
	answer(count > 0 ? "ok" : "no", text);
}

static void tell_holders(void)
{
	char path[PATH_MAX];
	FILE *to;

	snprintf(path, sizeof path, "%s/holders", options.dir);
	if ((to = fopen(path, "w")) == NULL)
		broken("%s: %s", path, strerror(errno));
	list_holders(to);
	fclose(to);
	answer("ok", path);
}

static void pass_on(int argc, char *argv[])
{
	static char text[65536];
	char path[PATH_MAX], *rest;
	FILE *to;
	bool ok;

	if (strcmp(argv[0], "left") == 0)
		let_all_come_to_rest();
	ok = ask_keeper(argc, argv, text, sizeof text);
	if (strcmp(argv[0], "left") != 0) {
		text[strcspn(text, "\n")] = '\0';
		answer(ok ? "ok" : "no", text + 3 < text + strlen(text) ? text + 3 : "");
		return;
	}
	snprintf(path, sizeof path, "%s/left", options.dir);
	rest = strchr(text, '\n');
	if ((to = fopen(path, "w")) == NULL)
		broken("%s: %s", path, strerror(errno));
	fputs(rest != NULL ? rest + 1 : "", to);
	fputs(rest != NULL ? "\n" : "", to);
	fclose(to);
	answer("ok", path);
}

static void need(int argc, int wanted, const char *verb)
{
	if (argc < wanted)
		broken("%s: a word is missing", verb);
}

static void obey(int argc, char *argv[])
{
	static char text[8192];
	const char *verb = argv[0];
	struct program *program;

	need(argc,
	     strcmp(verb, "until") == 0 || strcmp(verb, "order") == 0 || strcmp(verb, "go") == 0 ? 2 : 1,
	     verb);
	if (strcmp(verb, "until") == 0) {
		need(argc,
		     strcmp(argv[1], "exit") == 0				       ? 3
		     : strcmp(argv[1], "says") == 0 || strcmp(argv[1], "blocked") == 0 ? 4
										       : 2,
		     verb);
		until(argc, argv);
	} else if (strcmp(verb, "start") == 0) {
		need(argc, 3, verb);
		program = start_program(argv[1], argc - 2, argv + 2, on_terminal, tracing);
		forget_idling();
		snprintf(text, sizeof text, "pid=%d", program->inside);
		answer("ok", text);
	} else if (strcmp(verb, "split") == 0 || strcmp(verb, "counter") == 0 ||
		   strcmp(verb, "choose") == 0) {
		need(argc, *verb == 's' ? 6 : verb[1] == 'o' ? 4 : 2, verb);
		answer(split_command(argc, argv, text, sizeof text) ? "ok" : "no", text);
	} else if (strcmp(verb, "go") == 0) {
		snprintf(text, sizeof text, "released %d", release_held(argv[1]));
		answer("ok", text);
	} else if (strcmp(verb, "signal") == 0) {
		need(argc, 3, verb);
		send_signal(argv);
	} else if (strcmp(verb, "rule") == 0) {
		need(argc, 4, verb);
		make_rule(argc, argv);
	} else if (strcmp(verb, "forget") == 0) {
		rule_count = 0;
		answer("ok", "forgotten");
	} else if (strcmp(verb, "drop") == 0) {
		snprintf(text, sizeof text, "dropped %d", drop_kept_ends());
		answer("ok", text);
	} else if (strcmp(verb, "order") == 0) {
		late_child = strcmp(argv[1], "child") == 0;
		late_parent = strcmp(argv[1], "parent") == 0 || strcmp(argv[1], "calm") == 0;
		sleeps = strcmp(argv[1], "child") == 0 || strcmp(argv[1], "parent") == 0 ? SLEEPS_SKIPPED
											 : SLEEPS_VIRTUAL;
		answer("ok", argv[1]);
	} else if (strcmp(verb, "sleeps") == 0 || strcmp(verb, "trace") == 0 || strcmp(verb, "output") == 0 ||
		   strcmp(verb, "stdin") == 0) {
		need(argc, 2, verb);
		if (strcmp(verb, "stdin") == 0)
			open_stdin = strcmp(argv[1], "on") == 0;
		else if (*verb == 's')
			sleeps = strcmp(argv[1], "skip") == 0	? SLEEPS_SKIPPED
				 : strcmp(argv[1], "real") == 0 ? SLEEPS_REAL
								: SLEEPS_VIRTUAL;
		else if (*verb == 't')
			tracing = strcmp(argv[1], "on") == 0;
		else
			on_terminal = strcmp(argv[1], "terminal") == 0;
		answer("ok", argv[1]);
	} else if (strcmp(verb, "feed") == 0 || strcmp(verb, "hang-up") == 0) {
		need(argc, 2, verb);
		if ((program = find_program(argv[1])) == NULL)
			broken("no program %s", argv[1]);
		forget_idling();
		answer(feed_program(program, *verb == 'h' ? NULL
					     : argc > 2	  ? argv[2]
							  : "")
			       ? "ok"
			       : "no",
		       argv[1]);
	} else if (strcmp(verb, "env") == 0) {
		need(argc, 3, verb);
		add_environment(argv[1], argv[2]);
		answer("ok", argv[1]);
	} else if (strcmp(verb, "holders") == 0) {
		tell_holders();
	} else if (strcmp(verb, "mappings") == 0) {
		log_mappings = true;
		answer("ok", "in the trace");
	} else if (strcmp(verb, "waiting") == 0) {
		handle_stops();
		waits_text(text, sizeof text);
		answer("ok", text);
	} else {
		pass_on(argc, argv);
	}
}

static void usage(void)
{
	fprintf(stderr, "usage: rig [-n] -d DIR -k KEEPER [-b OUTSIDE=INSIDE]...\n");
	exit(2);
}

int main(int argc, char *argv[])
{
	char *line = NULL, *words[MAX_WORDS + 1], *save, path[PATH_MAX];
	const char *separator;
	size_t size = 0;
	int option, count;

	while ((option = getopt(argc, argv, "nd:k:b:")) != -1) {
		if (option == 'n')
			options.sandbox = false;
		else if (option == 'd')
			options.dir = optarg;
		else if (option == 'k')
			options.keeper = optarg;
		else if (option == 'b' && options.bind_count < 16)
			options.binds[options.bind_count++] = optarg;
		else
			usage();
	}
	if (options.dir == NULL || options.keeper == NULL || optind != argc)
		usage();
	signal(SIGPIPE, SIG_IGN);
	umask(077);
	if (realpath(options.dir, stage_dir) == NULL)
		broken("%s: %s", options.dir, strerror(errno));
	snprintf(path, sizeof path, "%s/trace", options.dir);
	if ((trace_log = fopen(path, "we")) == NULL)
		broken("%s: %s", path, strerror(errno));
	if (!open_stage(&options))
		broken("the sandbox could not be made");
	add_environment("PATH", "/usr/bin:/bin");
	add_environment("LC_ALL", "C");
	add_environment("TMPDIR", options.sandbox	     ? "/tmp"
				  : getenv("TMPDIR") != NULL ? getenv("TMPDIR")
							     : "/tmp");
	answer("ok", "ready");
	while (getline(&line, &size, stdin) != -1) {
		line[strcspn(line, "\n")] = '\0';
		separator = strchr(line, '\x1f') != NULL ? "\x1f" : " ";
		count = 0;
		for (save = line; save != NULL && count < MAX_WORDS;)
			words[count++] = strsep(&save, separator);
		words[count] = NULL;
		if (count == 0 || *words[0] == '\0')
			continue;
		obey(count, words);
	}
	return 0;
}
