/*
 * claims.h - statements of the lecture notes, each tried on the kernel that runs.
 *
 * A file of claims has an experiment a statement, a table of them, and a main() that is only try_claims().
 */
#ifndef CLAIMS_H
#define CLAIMS_H

#include <stddef.h>

/* What came out. UNTESTED: it cannot be tried here (the reason goes where the evidence goes). */
enum verdict { CONFIRMED, REFUTED, DEPENDS, UNTESTED };

struct claim {
	const char *id;		      /* "C143" */
	const char *lab;	      /* the number of the lab it belongs to: "1" */
	const char *statement;	      /* what the notes say, in our words */
	enum verdict recorded;	      /* what came out when this was written (Debian 12, Linux 6.18) */
	enum verdict (*try_it)(void); /* the experiment; runs in a process of its own */
};

/* What the experiment saw: one line, kept for the table. Later calls add to it. */
void saw(const char *format, ...) __attribute__((format(printf, 1, 2)));

/* The experiment itself cannot go on (not a matter of the claim): counts as UNTESTED, with this reason and
 * errno's. */
_Noreturn void cannot(const char *format, ...) __attribute__((format(printf, 1, 2)));

/* The usual end of an experiment. */
enum verdict confirmed_if(int condition); /* CONFIRMED if CONDITION is true, else REFUTED */

/* For what holds in one case and not in another: DEPENDS if both were seen, else CONFIRMED or REFUTED. */
enum verdict weigh(int in_favour, int against);

/* A child that runs WHAT(ARG), and later its wait status. Children that still run are ended with the
 * experiment. */
int start(void (*what)(void *), void *arg);
int status_of(int pid);

/* What COMMAND says on stdout, newlines made spaces, into ANSWER[SIZE]. Returns its wait status. */
int shell(const char *command, char *answer, size_t size);

/* How a child fares that runs WHAT(ARG): its wait status (wait(2)), e.g. SIGSEGV for a bad access. */
int child_status(void (*what)(void *), void *arg);
int killed_by(int status, int sig); /* is that status: killed by SIG? */

/* The experiment cannot be made on this machine, for a reason that is not errno's. */
enum verdict untested(const char *format, ...) __attribute__((format(printf, 1, 2)));

/*
 * An experiment starts in an empty directory of its own, removed with all it holds when it has ended. What
 * else it makes it names here, at once: UNDO(ID) runs when it has ended, in whatever way (but in another
 * process).
 */
void afterwards(void (*undo)(int), int id);

/* A new file of SIZE zero bytes in that directory, open for reading and writing. */
int new_file(const char *name, long size);

/* Read, or write 'w' to, the byte at ADDRESS: 0, or the signal the kernel answers with. */
int reading(const void *address);
int writing(void *address);

const char *signal_name(int sig); /* "SIGBUS"; "works" if 0 */
const char *outcome(long result); /* of a system call: "ok", or errno's name if RESULT is -1 */

/* The figure of FIELD ("Pss:") for the mapping that holds ADDRESS, in KiB (/proc/self/smaps). */
long smaps_kb(const void *address, const char *field);

/* The system calls that WHAT(ARG) makes in a child, counted by ptrace(2). */
long system_calls(void (*what)(void *), void *arg);

/* From here on this process is an ordinary user: nobody, if it was root. */
void be_ordinary_user(void);

/* Wait until PID sleeps (state S in /proc/PID/stat) in a system call, or has ended: 1 or 0. Never by time. */
int is_asleep(int pid);

/*
 * usage of a file of claims: PROGRAM [-l | ID|lab=N...]
 * Writes a line a claim: id, lab, recorded verdict, verdict, statement, evidence, with tabs between.
 * -l only lists them: nothing is tried, verdict and evidence are empty.
 * Exit status 0 if all came out as recorded or could not be tried, 1 if one differs.
 */
int try_claims(int argc, char *argv[], const struct claim claims[], int count);

#endif
