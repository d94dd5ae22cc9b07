/*
 * claims.h - statements of the lecture notes, each tried on the kernel that runs.
 *
 * A file of claims has an experiment a statement, a table of them, and a main() that is only try_claims().
 */
#ifndef CLAIMS_H
#define CLAIMS_H

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

/* How a child fares that runs WHAT(ARG): its wait status (wait(2)), e.g. SIGSEGV for a bad access. */
int child_status(void (*what)(void *), void *arg);
int killed_by(int status, int sig); /* is that status: killed by SIG? */

/* Wait until PID sleeps (state S in /proc/PID/stat) in a system call, or has ended: 1 or 0. Never by time. */
int is_asleep(int pid);

/*
 * usage of a file of claims: PROGRAM [ID|lab=N]...
 * Writes a line a claim: id, lab, recorded verdict, verdict, statement, evidence, with tabs between.
 * Exit status 0 if all came out as recorded or could not be tried, 1 if one differs.
 */
int try_claims(int argc, char *argv[], const struct claim claims[], int count);

#endif
