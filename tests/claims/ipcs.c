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

/* The exit status of the command that FORMAT and NUMBER make, e.g. "ipcrm -m %d". What it says goes nowhere. */
static int run(const char *format, int number)
{
	char command[200], answer[200];
	int status, length = snprintf(command, sizeof command, format, number);

	snprintf(command + length, sizeof command - length, " >/dev/null 2>&1");
	status = shell(command, answer, sizeof answer);
	if (WEXITSTATUS(status) == 127)
		cannot("%s", format);
	return WEXITSTATUS(status);
}

/* Does ipcs, with OPTION, list the object with this KEY? */
static int ipcs_lists(const char *option, key_t key)
{
	char command[100];

	snprintf(command, sizeof command, "ipcs %s | grep -q '^0x%08x '", option, (unsigned)key);
	return run(command, 0) == 0;
}
