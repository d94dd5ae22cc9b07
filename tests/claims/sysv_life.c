/* sysv_life.c - System V shared memory: how long it lives, what shmctl(2) does, who may. */
#define _GNU_SOURCE
#include "sysv.h"

#include <grp.h>
#include <signal.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>

enum { NOBODY = 65534 };

static long page;

static struct shmid_ds status_of_segment(int id)
{
	struct shmid_ds status;

	if (shmctl(id, IPC_STAT, &status) == -1)
		cannot("shmctl with IPC_STAT");
	return status;
}

static unsigned long attachments(int id)
{
	return status_of_segment(id).shm_nattch;
}

static int is_there(int id)
{
	struct shmid_ds status;

	return shmctl(id, IPC_STAT, &status) == 0;
}

struct wait_here {
	int id, ready[2];
};

static void attach_and_wait(void *arg)
{
	struct wait_here *place = arg;

	strcpy(attached(place->id), "kept");
	if (write(place->ready[1], "", 1) != 1)
		cannot("write");
	pause();
}

/* A child that has attached segment ID, stored "kept", and waits. */
static pid_t start_attached(int id)
{
	struct wait_here place = { .id = id };
	pid_t pid;
	char byte;

	if (pipe(place.ready) == -1)
		cannot("pipe");
	pid = start(attach_and_wait, &place);
	close(place.ready[1]);
	if (read(place.ready[0], &byte, 1) != 1)
		cannot("read");
	close(place.ready[0]);
	return pid;
}

static void kill_and_wait(pid_t pid)
{
	kill(pid, SIGKILL);
	status_of(pid);
}

static enum verdict c246(void)
{
	int id = new_segment(IPC_PRIVATE, page, 0600);
	pid_t pid = start_attached(id);
	long with = attachments(id), without;

	kill_and_wait(pid);
	without = attachments(id);
	saw("shm_nattch %ld, and %ld when the process is killed", with, without);
	return confirmed_if(with == 1 && without == 0);
}

static enum verdict c247(void)
{
	int id = new_segment(IPC_PRIVATE, page, 0600);
	char *area = attached(id);
	long left;

	strcpy(area, "kept");
	if (shmdt(area) == -1)
		cannot("shmdt");
	left = is_there(id) ? (long)attachments(id) : 0;
	area = shmat(id, NULL, 0);
	saw("shm_nattch %ld, attached again: %s", left, outcome((long)area));
	if (area != (void *)-1)
		saw("it holds \"%s\"", area);
	return confirmed_if(area == (void *)-1);
}

static void write_and_end(void *id)
{
	strcpy(attached(*(int *)id), "kept");
}

static enum verdict c248(void)
{
	int id = new_segment(IPC_PRIVATE, page, 0600), looks, marked = 0;
	struct timespec moment = { .tv_nsec = 10 * 1000 * 1000 };

	child_status(write_and_end, &id);
	for (looks = 0; looks < 10 && !marked; looks++) {
		marked = !is_there(id) || (status_of_segment(id).shm_perm.mode & SHM_DEST) != 0;
		nanosleep(&moment, NULL);
	}
	saw("the only process that used it has ended: SHM_DEST %s", marked ? "is set" : "is not set");
	return confirmed_if(marked);
}

static enum verdict c249(void)
{
	int id = new_segment(IPC_PRIVATE, page, 0600), before, after;
	char *area;
	long memory;

	kill_and_wait(start_attached(id));
	before = listed(id, &memory);
	area = attached(id);
	saw("its process was killed: it is %s and holds \"%s\"", before ? "listed" : "not listed", area);
	if (shmctl(id, IPC_RMID, NULL) == -1 || shmdt(area) == -1)
		cannot("to remove it");
	after = listed(id, &memory);
	saw("removed: it is %s", after ? "listed" : "not listed");
	return confirmed_if(before && !after);
}

static enum verdict c250(void)
{
	key_t key = new_key();
	int id = new_segment(key, page, 0600), sig, gone;
	char *area = attached(id);

	if (shmctl(id, IPC_RMID, NULL) == -1)
		cannot("shmctl with IPC_RMID");
	sig = writing(area);
	saw("removed while attached: writing %s, SHM_DEST %s", signal_name(sig),
	    status_of_segment(id).shm_perm.mode & SHM_DEST ? "is set" : "is not set");
	saw("its key: %s", outcome(shmget(key, 0, 0)));
	if (shmdt(area) == -1)
		cannot("shmdt");
	gone = !is_there(id);
	saw("after the last detach: %s", gone ? "gone" : "still there");
	return confirmed_if(sig == 0 && gone);
}

static enum verdict c251(void)
{
	static char garbage;
	int result = shmctl(new_segment(IPC_PRIVATE, page, 0600), IPC_RMID, (void *)(&garbage + 1));

	saw("IPC_RMID with a third argument that is no shmid_ds: %s", outcome(result));
	return confirmed_if(result == -1);
}

static enum verdict c252(void)
{
	int id = new_segment(IPC_PRIVATE, page, 0640), locked, marked;

	attached(id);
	if (shmctl(id, SHM_LOCK, NULL) == -1)
		cannot("shmctl with SHM_LOCK");
	locked = status_of_segment(id).shm_perm.mode;
	if (shmctl(id, SHM_UNLOCK, NULL) == -1 || shmctl(id, IPC_RMID, NULL) == -1)
		cannot("shmctl");
	marked = status_of_segment(id).shm_perm.mode;
	saw("mode 0640: after SHM_LOCK %#o, after SHM_UNLOCK and IPC_RMID %#o", locked, marked);
	return confirmed_if(locked == (0640 | SHM_LOCKED) && marked == (0640 | SHM_DEST));
}

/* Wait until the clock shows another second than THEN; IPC_STAT has no finer times. */
static void wait_for_another_second(time_t then)
{
	struct timespec moment = { .tv_nsec = 10 * 1000 * 1000 };

	while (time(NULL) <= then)
		nanosleep(&moment, NULL);
}

static enum verdict c253(void)
{
	int id = new_segment(IPC_PRIVATE, page, 0600);
	struct shmid_ds before = status_of_segment(id), after = before;

	after.shm_perm.uid = NOBODY;
	after.shm_perm.gid = 7;
	after.shm_perm.mode = 0640;
	wait_for_another_second(before.shm_ctime);
	if (shmctl(id, IPC_SET, &after) == -1)
		cannot("shmctl with IPC_SET");
	after = status_of_segment(id);
	saw("uid %u, gid %u, mode %#o, shm_ctime %s", after.shm_perm.uid, after.shm_perm.gid,
	    after.shm_perm.mode, after.shm_ctime > before.shm_ctime ? "is later" : "is the same");
	return confirmed_if(after.shm_perm.uid == NOBODY && after.shm_perm.gid == 7 &&
			    after.shm_perm.mode == 0640 && after.shm_ctime > before.shm_ctime);
}

static void act_as_group_member(void *id)
{
	struct shmid_ds status;
	gid_t group = 7;
	int set, removed;

	if (setgroups(1, &group) == -1 || setgid(NOBODY) == -1 || setuid(NOBODY) == -1)
		cannot("to become a member of the group");
	saw("IPC_STAT: %s", outcome(shmctl(*(int *)id, IPC_STAT, &status)));
	set = shmctl(*(int *)id, IPC_SET, &status);
	saw("IPC_SET: %s", outcome(set));
	removed = shmctl(*(int *)id, IPC_RMID, NULL);
	saw("IPC_RMID: %s", outcome(removed));
	_exit(set == -1 || removed == -1);
}

static enum verdict c254(void)
{
	int id = new_segment(IPC_PRIVATE, page, 0666);
	struct shmid_ds status = status_of_segment(id);

	if (geteuid() != 0)
		return untested("needs root, to be another user of the owning group");
	status.shm_perm.gid = 7;
	if (shmctl(id, IPC_SET, &status) == -1)
		cannot("shmctl with IPC_SET");
	return confirmed_if(child_status(act_as_group_member, &id) == 0);
}

static enum verdict c255(void)
{
	int id = new_segment(IPC_PRIVATE, page, 0600);
	struct shmid_ds before = status_of_segment(id), after = before;

	wait_for_another_second(before.shm_ctime);
	if (shmctl(id, IPC_SET, &after) == -1)
		cannot("shmctl with IPC_SET");
	after = status_of_segment(id);
	saw("after IPC_SET shm_ctime is %s", after.shm_ctime == before.shm_ctime ? "the same" : "later");
	return confirmed_if(after.shm_ctime == before.shm_ctime);
}

static enum verdict c256(void)
{
	int id = new_segment(IPC_PRIVATE, page, 0600);

	attached(id);
	attached(id);
	saw("attached twice by one process: shm_nattch %lu", attachments(id));
	return confirmed_if(attachments(id) == 1);
}

static enum verdict c257(void)
{
	int open_to_all = new_segment(IPC_PRIVATE, page, 0666), closed = new_segment(new_key(), page, 0);
	int without_key = WEXITSTATUS(child_status(attach_as_ordinary_user, &open_to_all));
	int with_key = WEXITSTATUS(child_status(attach_as_ordinary_user, &closed));

	saw("an ordinary user attaches a segment without a key, mode 0666: %s; one with a key, mode 0: %s",
	    without_key == 0 ? "ok" : strerrorname_np(without_key),
	    with_key == 0 ? "ok" : strerrorname_np(with_key));
	return confirmed_if(without_key != 0);
}

static const struct claim claims[] = {
	{ "C246", "7", "The end of a process detaches the segment, and the attach count falls", CONFIRMED,
	  c246 },
	{ "C247", "7", "When the attach count falls to 0 the kernel deletes the segment", REFUTED, c247 },
	{ "C248", "7", "A segment that no process uses any more is soon marked for deletion", REFUTED, c248 },
	{ "C249", "7", "The segment outlives its processes until it is removed", CONFIRMED, c249 },
	{ "C250", "7", "IPC_RMID only marks the segment, which goes at the last detach", CONFIRMED, c250 },
	{ "C251", "7", "IPC_RMID wants NULL as the third argument", REFUTED, c251 },
	{ "C252", "7", "The mode field also holds SHM_DEST and SHM_LOCKED", CONFIRMED, c252 },
	{ "C253", "7", "IPC_SET changes uid, gid and mode, and shm_ctime", CONFIRMED, c253 },
	{ "C254", "7", "Superuser, owner and members of the owning group may use IPC_SET and IPC_RMID",
	  REFUTED, c254 },
	{ "C255", "7", "shm_ctime is the time when the segment was made", REFUTED, c255 },
	{ "C256", "7", "shm_nattch is the number of processes that have the segment attached", REFUTED,
	  c256 },
	{ "C257", "7", "It is the key by which access to a segment is checked", REFUTED, c257 },
};

int main(int argc, char *argv[])
{
	page = sysconf(_SC_PAGESIZE);
	return try_claims(argc, argv, claims, sizeof claims / sizeof *claims);
}
