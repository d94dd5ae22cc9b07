/* sysv.h - System V segments for experiments: whatever is made here is removed when the experiment has ended.
 */
#ifndef SYSV_H
#define SYSV_H

#include "claims.h"

#include <errno.h>
#include <stdio.h>
#include <sys/ipc.h>
#include <sys/shm.h>
#include <unistd.h>

static inline void remove_segment(int id)
{
	shmctl(id, IPC_RMID, NULL);
}

/* shmget(), with its result and its errno. */
static inline int get(key_t key, size_t size, int flags)
{
	int id = shmget(key, size, flags), reason = errno;

	if (id != -1)
		afterwards(remove_segment, id);
	errno = reason;
	return id;
}

static inline int new_segment(key_t key, size_t size, int mode)
{
	int id = get(key, size, IPC_CREAT | IPC_EXCL | mode);

	if (id == -1)
		cannot("shmget");
	return id;
}

static inline char *attached(int id)
{
	char *area = shmat(id, NULL, 0);

	if (area == (void *)-1)
		cannot("shmat");
	return area;
}

/* A key that nobody uses. */
static inline key_t new_key(void)
{
	int project;
	key_t key;

	for (project = 1; project < 256; project++) {
		key = ftok(".", project);
		if (shmget(key, 0, 0) == -1 && errno == ENOENT)
			return key;
	}
	cannot("to find a key that nobody uses");
}

/* For a child: its exit status is errno of an ordinary user's shmat() of the segment *ID, or 0. */
static inline void attach_as_ordinary_user(void *id)
{
	be_ordinary_user();
	_exit(shmat(*(int *)id, NULL, 0) == (void *)-1 ? errno : 0);
}

/* Does /proc/sysvipc/shm list segment ID? If so, *MEMORY is what it has in use, in bytes. */
static inline int listed(int id, long *memory)
{
	FILE *in = fopen("/proc/sysvipc/shm", "r");
	char line[512];
	long resident, swapped;
	int other, found = 0;

	if (in == NULL)
		cannot("/proc/sysvipc/shm");
	while (!found && fgets(line, sizeof line, in) != NULL)
		if (sscanf(line, "%*d %d %*o %*u %*d %*d %*u %*u %*u %*u %*u %*u %*u %*u %ld %ld", &other,
			   &resident, &swapped) == 3 &&
		    other == id) {
			*memory = resident + swapped;
			found = 1;
		}
	fclose(in);
	return found;
}

#endif
