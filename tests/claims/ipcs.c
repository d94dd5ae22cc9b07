/* ipcs.c - the commands ipcs(1) and ipcrm(1). */
#define _GNU_SOURCE
#include "sysv.h"

#include <fcntl.h>
#include <mqueue.h>
#include <semaphore.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/msg.h>
#include <sys/sem.h>
#include <sys/stat.h>
#include <sys/wait.h>

enum { SIZE = 4096 };

/* One object of each kind, and their keys. */
struct objects {
	key_t shm_key, msg_key, sem_key;
	int shm, msg, sem;
};

static void remove_queue(int id)
{
	msgctl(id, IPC_RMID, NULL);
}

static void remove_set(int id)
{
	semctl(id, 0, IPC_RMID);
}

static struct objects make_objects(void)
{
	struct objects made = { .shm_key = ftok(".", 1), .msg_key = ftok(".", 2), .sem_key = ftok(".", 3) };

	made.shm = new_segment(made.shm_key, SIZE, 0600);
	if ((made.msg = msgget(made.msg_key, IPC_CREAT | IPC_EXCL | 0600)) == -1)
		cannot("msgget");
	afterwards(remove_queue, made.msg);
	if ((made.sem = semget(made.sem_key, 1, IPC_CREAT | IPC_EXCL | 0600)) == -1)
		cannot("semget");
	afterwards(remove_set, made.sem);
	return made;
}

/* The exit status of COMMAND; what it says is thrown away. */
static int run(const char *command)
{
	char quiet[200], answer[20];
	int status;

	snprintf(quiet, sizeof quiet, "{ %s; } >/dev/null 2>&1", command);
	status = shell(quiet, answer, sizeof answer);
	return WEXITSTATUS(status);
}

static int commands_are_missing(void)
{
	return run("command -v ipcs && command -v ipcrm") != 0;
}

/* Does ipcs, with OPTION, list the object with this KEY? */
static int ipcs_lists(const char *option, key_t key)
{
	char command[100];

	snprintf(command, sizeof command, "ipcs %s | grep '^0x%08x '", option, (unsigned)key);
	return run(command) == 0;
}

static int ipcrm(const char *option, int number)
{
	char command[100];

	snprintf(command, sizeof command, "ipcrm %s %d", option, number);
	return run(command);
}

static int is_there(int id)
{
	struct shmid_ds status;

	return shmctl(id, IPC_STAT, &status) == 0;
}

static enum verdict c262(void)
{
	int unused = new_segment(IPC_PRIVATE, SIZE, 0600), used = new_segment(IPC_PRIVATE, SIZE, 0600);
	int of_unused, of_used, marked;
	char *area = attached(used);

	if (commands_are_missing())
		return untested("the commands ipcs and ipcrm are not there");
	of_unused = ipcrm("-m", unused);
	of_used = ipcrm("-m", used);
	marked = is_there(used);
	saw("no process attached: exit status %d, %s; attached: exit status %d, %s", of_unused,
	    is_there(unused) ? "there" : "gone", of_used, marked ? "there till the detach" : "gone");
	if (shmdt(area) == -1)
		cannot("shmdt");
	return weigh(of_unused == 0 && !is_there(unused), of_used == 0 && marked && !is_there(used));
}

static void remove_posix(int number)
{
	char name[40];

	snprintf(name, sizeof name, "/claims-%d", number);
	shm_unlink(name);
	sem_unlink(name);
	mq_unlink(name);
}

/* What ipcs might list but for its being none of System V's: all with the same name, or none. */
static void make_others(const char *name, int pipe_ends[2])
{
	afterwards(remove_posix, getpid());
	if (shm_open(name, O_RDWR | O_CREAT | O_EXCL, 0600) == -1 ||
	    sem_open(name, O_CREAT | O_EXCL, 0600, 1) == SEM_FAILED)
		cannot("POSIX shared memory and a POSIX semaphore");
	if (mq_open(name, O_RDWR | O_CREAT | O_EXCL, 0600, NULL) == (mqd_t)-1)
		saw("(no POSIX message queue)");
	if (mkfifo(name + 1, 0600) == -1 || pipe(pipe_ends) == -1)
		cannot("a FIFO and a pipe");
}

static enum verdict c293(void)
{
	struct objects made = make_objects();
	char name[40], command[100];
	int pipe_ends[2], own, others;

	if (commands_are_missing())
		return untested("the commands ipcs and ipcrm are not there");
	snprintf(name, sizeof name, "/claims-%d", getpid());
	make_others(name, pipe_ends);
	own = ipcs_lists("", made.shm_key) + ipcs_lists("", made.msg_key) + ipcs_lists("", made.sem_key);
	snprintf(command, sizeof command, "ipcs | grep -i -e '%s' -e pipe -e fifo -e signal", name + 1);
	others = run(command) == 0;
	saw("of three System V objects it lists %d, of POSIX objects, a FIFO and a pipe %s", own,
	    others ? "something" : "nothing");
	return confirmed_if(own == 3 && !others);
}

static enum verdict c294(void)
{
	static const char *const options[] = { "-m", "-q", "-s" };
	struct objects made = make_objects();
	int i, right = 0, listed_keys = 0;

	if (commands_are_missing())
		return untested("the commands ipcs and ipcrm are not there");
	for (i = 0; i < 3; i++)
		listed_keys += ipcs_lists(options[i], made.shm_key) + ipcs_lists(options[i], made.msg_key) +
			       ipcs_lists(options[i], made.sem_key);
	right = ipcs_lists("-m", made.shm_key) + ipcs_lists("-q", made.msg_key) +
		ipcs_lists("-s", made.sem_key);
	saw("-m, -q and -s list %d objects of the kind, and %d others", right, listed_keys - right);
	return confirmed_if(right == 3 && listed_keys == 3);
}

static enum verdict c295(void)
{
	struct objects made = make_objects();
	int by_key, by_id;

	if (commands_are_missing())
		return untested("the commands ipcs and ipcrm are not there");
	if (is_there(made.shm_key))
		return untested("the key happens to be an identifier");
	by_key = ipcrm("-m", made.shm_key);
	by_id = ipcrm("-m", made.shm);
	saw("-m KEY: exit status %d; -m ID: exit status %d, %s", by_key, by_id,
	    is_there(made.shm) ? "there" : "gone");
	return confirmed_if(by_key == 0);
}

static enum verdict c296(void)
{
	struct objects made = make_objects();
	int shm, msg, sem;

	if (commands_are_missing())
		return untested("the commands ipcs and ipcrm are not there");
	shm = ipcrm("-M", made.shm_key);
	msg = ipcrm("-Q", made.msg_key);
	sem = ipcrm("-S", made.sem_key);
	saw("-M, -Q, -S with the key: exit status %d, %d, %d; the segment is %s", shm, msg, sem,
	    is_there(made.shm) ? "there" : "gone");
	return confirmed_if(shm == 0 && msg == 0 && sem == 0 && !is_there(made.shm));
}

static const struct claim claims[] = {
	{ "C262", "7", "ipcrm -m deletes a segment only when no process has it attached", DEPENDS, c262 },
	{ "C293", "7", "ipcs shows System V objects only, and no pipes or signals", CONFIRMED, c293 },
	{ "C294", "7", "-m, -q and -s make ipcs list shared memory, message queues and semaphores", CONFIRMED,
	  c294 },
	{ "C295", "7", "ipcrm -m, -q and -s take a key", REFUTED, c295 },
	{ "C296", "7", "ipcrm -M, -Q and -S take a key", CONFIRMED, c296 },
};

int main(int argc, char *argv[])
{
	return try_claims(argc, argv, claims, sizeof claims / sizeof *claims);
}
