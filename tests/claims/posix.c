/*
 * posix.c - what the notes say about the names, flags and permissions of POSIX message queues, shared memory
 * and semaphores, tried on all three.
 */
#define _GNU_SOURCE
#include "claims.h"

#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <limits.h>
#include <mqueue.h>
#include <sched.h>
#include <semaphore.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/vfs.h>
#include <sys/wait.h>
#include <unistd.h>

enum { QUEUE, SHM, SEM, KINDS };
static const char *const kinds[] = { "mq_open", "shm_open", "sem_open" };

static char name[40]; /* of the objects of this experiment */

static void remove_object(int kind, const char *of)
{
	if (kind == QUEUE)
		mq_unlink(of);
	else if (kind == SHM)
		shm_unlink(of);
	else
		sem_unlink(of);
}

static void remove_name(int pid)
{
	int kind;

	snprintf(name, sizeof name, "/claims-%d", pid);
	for (kind = 0; kind < KINDS; kind++)
		remove_object(kind, name);
}

static void choose_name(void)
{
	remove_name(getpid());
	afterwards(remove_name, getpid());
}

struct object {
	int fd; /* a message queue descriptor is a file descriptor on Linux */
	sem_t *sem;
};

/* 0, or -1 and errno. */
static int open_as(struct object *object, int kind, const char *path, int flags, mode_t mode)
{
	struct mq_attr small = { .mq_maxmsg = 1, .mq_msgsize = 8 };

	object->sem = NULL;
	object->fd = 0;
	if (kind == QUEUE)
		object->fd = mq_open(path, O_RDWR | flags, mode, &small);
	else if (kind == SHM)
		object->fd = shm_open(path, O_RDWR | flags, mode);
	else if ((object->sem = sem_open(path, flags, mode, 0)) == SEM_FAILED)
		object->fd = -1;
	return object->fd == -1 ? -1 : 0;
}

static void close_it(struct object *object, int kind)
{
	if (kind == QUEUE)
		mq_close(object->fd);
	else if (kind == SHM)
		close(object->fd);
	else
		sem_close(object->sem);
}

/* 0, or the errno. */
static int try_open(int kind, const char *path, int flags)
{
	struct object object;

	if (open_as(&object, kind, path, flags, 0600) == -1)
		return errno;
	close_it(&object, kind);
	return 0;
}

static const char *error_name(int error)
{
	errno = error;
	return outcome(error == 0 ? 0 : -1);
}

static void saw_errors(const char *when, const int error[KINDS])
{
	saw("%smq_open %s, shm_open %s, sem_open %s", when, error_name(error[QUEUE]), error_name(error[SHM]),
	    error_name(error[SEM]));
}

/* Is it this error in all three? */
static int all_are(const int error[KINDS], int wanted)
{
	return error[QUEUE] == wanted && error[SHM] == wanted && error[SEM] == wanted;
}

static void create(int kind, mode_t mode)
{
	struct object object;

	if (open_as(&object, kind, name, O_CREAT | O_EXCL, mode) == -1)
		cannot("%s", kinds[kind]);
}

/* Leave something in the object of our name: a message, a size, a post. */
static void mark(int kind)
{
	struct object object;
	int result;

	if (open_as(&object, kind, name, 0, 0) == -1)
		cannot("%s", kinds[kind]);
	if (kind == QUEUE)
		result = mq_send(object.fd, "x", 1, 0);
	else if (kind == SHM)
		result = ftruncate(object.fd, 3);
	else
		result = sem_post(object.sem);
	if (result == -1)
		cannot("to leave something in the object");
}

static int is_marked(int kind)
{
	struct object object;
	struct mq_attr attributes;
	struct stat status;
	int value;

	if (open_as(&object, kind, name, 0, 0) == -1)
		return 0;
	if (kind == QUEUE)
		return mq_getattr(object.fd, &attributes) == 0 && attributes.mq_curmsgs == 1;
	if (kind == SHM)
		return fstat(object.fd, &status) == 0 && status.st_size == 3;
	return sem_getvalue(object.sem, &value) == 0 && value == 1;
}

static void create_and_mark_all(void *arg)
{
	int kind;

	(void)arg;
	for (kind = 0; kind < KINDS; kind++) {
		create(kind, 0600);
		mark(kind);
	}
}

/* How many of the three calls accept the name PATH. */
static int accepted(const char *path, const char *called)
{
	int kind, error[KINDS], count = 0;

	for (kind = 0; kind < KINDS; kind++) {
		error[kind] = try_open(kind, path, O_CREAT);
		count += error[kind] == 0;
		remove_object(kind, path);
	}
	saw_errors(called, error);
	return count;
}

/* The longest name, without its slash and its NUL, that this kind of object may have. */
static int longest_name(int kind)
{
	char path[PATH_MAX];
	int length;

	for (length = PATH_MAX - 2; length > NAME_MAX / 2; length--) {
		memset(path, 'x', sizeof path);
		memcpy(path, name, strlen(name));
		path[1 + length] = '\0';
		if (try_open(kind, path, O_CREAT | O_EXCL) == 0) {
			remove_object(kind, path);
			return length;
		}
	}
	return length;
}

static enum verdict c001(void)
{
	int kind, length[KINDS];

	choose_name();
	for (kind = 0; kind < KINDS; kind++)
		length[kind] = longest_name(kind);
	saw("PATH_MAX is %d; the longest names after the slash: mq_open %d, shm_open %d, sem_open %d",
	    PATH_MAX, length[QUEUE], length[SHM], length[SEM]);
	if (length[QUEUE] != length[SHM] || length[SHM] != length[SEM])
		return DEPENDS;
	return confirmed_if(length[QUEUE] == PATH_MAX - 2);
}

static enum verdict c002(void)
{
	int kind, same = 0;

	choose_name();
	child_status(create_and_mark_all, NULL);
	for (kind = 0; kind < KINDS; kind++)
		same += is_marked(kind);
	saw("what another process left under the name was found in %d of %d kinds of object", same, KINDS);
	return confirmed_if(same == KINDS);
}

static enum verdict c003(void)
{
	int count;

	choose_name();
	count = accepted(name + 1, "");
	return weigh(count > 0, count < KINDS);
}

static enum verdict c004(void)
{
	char inside[50], doubled[50];
	int count;

	choose_name();
	snprintf(inside, sizeof inside, "%s/b", name);
	snprintf(doubled, sizeof doubled, "/%s", name);
	count = accepted(inside, "\"/a/b\": ") + accepted(doubled, "\"//a\": ");
	return weigh(count > 0, count < 2 * KINDS);
}

static int exists(const char *directory, const char *prefix)
{
	char path[100];

	snprintf(path, sizeof path, "%s/%s%s", directory, prefix, name + 1);
	return access(path, F_OK) == 0;
}

static enum verdict c005(void)
{
	int as_given, queue, shm, sem;

	choose_name();
	create_and_mark_all(NULL);
	as_given = exists("", "");
	queue = exists("/dev/mqueue", "");
	shm = exists("/dev/shm", "");
	sem = exists("/dev/shm", "sem.");
	saw("\"/x\" as it stands is %s file", as_given ? "a" : "no");
	saw("shared memory is /dev/shm/x: %s; a semaphore /dev/shm/sem.x: %s; a queue /dev/mqueue/x: %s",
	    shm ? "yes" : "no", sem ? "yes" : "no", queue ? "yes" : "no (or that is not mounted)");
	return confirmed_if(!as_given && (queue || shm || sem));
}

static enum verdict c006(void)
{
	char path[50];
	int count;

	choose_name();
	snprintf(path, sizeof path, "/tmp%s", name);
	count = accepted(path, "");
	return weigh(count > 0, count < KINDS);
}

static enum verdict c007(void)
{
	int kind, missing[KINDS], existing[KINDS], exclusive[KINDS], kept = 1;

	choose_name();
	for (kind = 0; kind < KINDS; kind++) {
		missing[kind] = try_open(kind, name, 0);
		create(kind, 0600);
		mark(kind);
		existing[kind] = try_open(kind, name, O_CREAT);
		exclusive[kind] = try_open(kind, name, O_CREAT | O_EXCL);
		kept = kept && is_marked(kind);
	}
	saw_errors("missing, no flag: ", missing);
	saw_errors("existing, O_CREAT: ", existing);
	saw_errors("with O_EXCL: ", exclusive);
	return confirmed_if(all_are(missing, ENOENT) && all_are(existing, 0) && all_are(exclusive, EEXIST) &&
			    kept);
}

static void write_file(const char *path, const char *text)
{
	FILE *out = fopen(path, "w");

	if (out == NULL || fputs(text, out) == EOF || fclose(out) == EOF)
		cannot("%s", path);
}

/* From here on no other process sees what this one makes, and small tables can be filled without harm. */
static void enter_a_small_world(void)
{
	char users[30], groups[30];

	snprintf(users, sizeof users, "0 %u 1", (unsigned)geteuid());
	snprintf(groups, sizeof groups, "0 %u 1", (unsigned)getegid());
	if (unshare(CLONE_NEWUSER | CLONE_NEWIPC | CLONE_NEWNS) == -1)
		cannot("needs a namespace of its own");
	write_file("/proc/self/setgroups", "deny");
	write_file("/proc/self/uid_map", users);
	write_file("/proc/self/gid_map", groups);
	if (mount("small", "/dev/shm", "tmpfs", 0, "nr_inodes=4") == -1)
		cannot("needs a small /dev/shm of its own");
}

/* Make objects until it fails: the errno, and how many there were. */
static int fill_table(int kind, int *count)
{
	char path[50];
	int error = 0, i;

	for (*count = 0; *count < 10000 && error == 0; ++*count) {
		snprintf(path, sizeof path, "/%d", *count);
		error = try_open(kind, path, O_CREAT | O_EXCL);
	}
	--*count;
	for (i = 0; i < *count; i++) {
		snprintf(path, sizeof path, "/%d", i);
		remove_object(kind, path);
	}
	return error;
}

static enum verdict c008(void)
{
	int kind, error[KINDS], count[KINDS];

	enter_a_small_world();
	for (kind = 0; kind < KINDS; kind++)
		error[kind] = fill_table(kind, &count[kind]);
	saw("room for %d queues, %d shared memory objects or %d semaphores", count[QUEUE], count[SHM],
	    count[SEM]);
	saw_errors("one more: ", error);
	return confirmed_if(all_are(error, ENOSPC));
}

struct user {
	uid_t uid;
	gid_t gid, other_group;
	int kind;
	mode_t mode; /* for creating; 0: open what is there */
};

enum { OWNER = 65534, STRANGER = 65533 }; /* users, and groups */

static void open_as_user(void *arg)
{
	struct user *user = arg;

	if (setgroups(1, &user->other_group) == -1 || setgid(user->gid) == -1 || setuid(user->uid) == -1)
		cannot("to become another user");
	umask(0);
	if (user->mode != (mode_t)-1)
		create(user->kind, user->mode);
	else
		_exit(try_open(user->kind, name, 0));
}

/* What opening an object gives to a user in GROUP and OTHER_GROUP: 0 or an errno. */
static int opening_gives(int kind, uid_t uid, gid_t group, gid_t other_group)
{
	struct user user = { uid, group, other_group, kind, (mode_t)-1 };

	return WEXITSTATUS(child_status(open_as_user, &user));
}

static void create_as_owner(int kind, mode_t mode)
{
	struct user owner = { OWNER, OWNER, OWNER, kind, mode };

	remove_object(kind, name);
	child_status(open_as_user, &owner);
}

static enum verdict c009(void)
{
	int kind, error[KINDS];

	if (geteuid() != 0)
		return untested("needs root, to become two users");
	choose_name();
	for (kind = 0; kind < KINDS; kind++) {
		create_as_owner(kind, 0600);
		error[kind] = opening_gives(kind, STRANGER, STRANGER, STRANGER);
	}
	saw_errors("another user's object of mode 0600: ", error);
	return confirmed_if(all_are(error, EACCES));
}

static enum verdict c010(void)
{
	int kind, error[KINDS];

	if (geteuid() != 0)
		return untested("needs root");
	choose_name();
	for (kind = 0; kind < KINDS; kind++) {
		create_as_owner(kind, 0);
		error[kind] = try_open(kind, name, 0);
	}
	saw_errors("root opens another user's object of mode 0000: ", error);
	return confirmed_if(all_are(error, 0));
}

static enum verdict c011(void)
{
	int kind, owner[KINDS], stranger[KINDS];

	if (geteuid() != 0)
		return untested("needs root, to become two users");
	choose_name();
	for (kind = 0; kind < KINDS; kind++) {
		create_as_owner(kind, 0066);
		owner[kind] = opening_gives(kind, OWNER, OWNER, OWNER);
		stranger[kind] = opening_gives(kind, STRANGER, STRANGER, STRANGER);
	}
	saw_errors("mode 0066, the owner: ", owner);
	saw_errors("a stranger: ", stranger);
	return confirmed_if(all_are(owner, EACCES) && all_are(stranger, 0));
}

/* Do only the group bits of MODE count for both kinds of members, and only the last ones for others? */
static int groups_count(mode_t mode, int for_members, int for_others)
{
	char when[40];
	int kind, member[KINDS], supplementary[KINDS], other[KINDS];

	for (kind = 0; kind < KINDS; kind++) {
		create_as_owner(kind, mode);
		member[kind] = opening_gives(kind, STRANGER, OWNER, OWNER);
		supplementary[kind] = opening_gives(kind, STRANGER, STRANGER, OWNER);
		other[kind] = opening_gives(kind, STRANGER, STRANGER, STRANGER);
	}
	snprintf(when, sizeof when, "mode 0%o, group: ", (unsigned)mode);
	saw_errors(when, member);
	saw_errors("supplementary group: ", supplementary);
	saw_errors("others: ", other);
	return all_are(member, for_members) && all_are(supplementary, for_members) &&
	       all_are(other, for_others);
}

static enum verdict c012(void)
{
	int both;

	if (geteuid() != 0)
		return untested("needs root, to become two users");
	choose_name();
	both = groups_count(0606, EACCES, 0);
	both = groups_count(0660, 0, EACCES) && both;
	return confirmed_if(both);
}

/* The mode of a new object for which 0666 was asked. */
static unsigned mode_of_new(int kind)
{
	struct object object;
	struct stat status;
	char path[60];

	if (open_as(&object, kind, name, O_CREAT | O_EXCL, 0666) == -1)
		cannot("%s", kinds[kind]);
	snprintf(path, sizeof path, "/dev/shm/sem.%s", name + 1);
	if ((kind == SEM ? stat(path, &status) : fstat(object.fd, &status)) == -1)
		cannot("stat");
	return status.st_mode & 0777;
}

static enum verdict c013(void)
{
	unsigned queue, shm, sem;

	choose_name();
	umask(027);
	queue = mode_of_new(QUEUE);
	shm = mode_of_new(SHM);
	sem = mode_of_new(SEM);
	saw("umask 027, mode 0666 asked for: mq_open 0%o, shm_open 0%o, sem_open 0%o", queue, shm, sem);
	return confirmed_if(queue == 0640 && shm == 0640 && sem == 0640);
}

/* Is the object of our name a file in memory, not on a disk? */
static int is_in_memory(int kind)
{
	enum { TMPFS = 0x01021994, MQUEUE = 0x19800202 };
	struct object object;
	struct statfs system;
	char path[60];
	int result;

	if (open_as(&object, kind, name, 0, 0) == -1)
		return 0;
	snprintf(path, sizeof path, "/dev/shm/sem.%s", name + 1);
	result = kind == SEM ? statfs(path, &system) : fstatfs(object.fd, &system);
	return result == 0 && (system.f_type == TMPFS || system.f_type == MQUEUE);
}

static enum verdict c014(void)
{
	int kind, survive = 0, in_memory = 0;

	choose_name();
	child_status(create_and_mark_all, NULL);
	for (kind = 0; kind < KINDS; kind++) {
		survive += is_marked(kind);
		in_memory += is_in_memory(kind);
	}
	saw("their creator has ended: %d of %d kinds of object still there, with what was in them", survive,
	    KINDS);
	saw("%d of %d lie in memory (tmpfs, mqueue), so they end with the kernel at the latest", in_memory,
	    KINDS);
	if (survive < KINDS)
		return REFUTED;
	return in_memory > 0 ? DEPENDS : CONFIRMED;
}

static const struct claim claims[] = {
	{ "C001", "8", "The name of a POSIX object may have up to PATH_MAX bytes", DEPENDS, c001 },
	{ "C002", "8", "A name that starts with a slash leads every process to the same object", CONFIRMED,
	  c002 },
	{ "C003", "8", "A name without a slash at its start may be used", DEPENDS, c003 },
	{ "C004", "8", "A name with more slashes than the first may be used", DEPENDS, c004 },
	{ "C005", "8", "The name may or may not be seen as a file", CONFIRMED, c005 },
	{ "C006", "8", "With /tmp/ before it a name can be used in the three open calls", REFUTED, c006 },
	{ "C007", "8",
	  "Opening a missing object: ENOENT; O_CREAT opens an existing one; with O_EXCL it gives EEXIST",
	  CONFIRMED, c007 },
	{ "C008", "8", "Creating an object in a full table fails with ENOSPC", CONFIRMED, c008 },
	{ "C009", "8", "Opening an existing object without permission fails with EACCES", CONFIRMED, c009 },
	{ "C010", "8", "The effective user 0 is always let in", CONFIRMED, c010 },
	{ "C011", "8", "For the owner only the user bits count, even if others may do more", CONFIRMED,
	  c011 },
	{ "C012", "8",
	  "For members of the group, also of a supplementary one, only the group bits count; for others the "
	  "rest",
	  CONFIRMED, c012 },
	{ "C013", "8", "The umask takes bits from the mode of a new object", CONFIRMED, c013 },
	{ "C014", "8", "If they are mapped files, POSIX objects last as long as the file system", DEPENDS,
	  c014 },
};

int main(int argc, char *argv[])
{
	return try_claims(argc, argv, claims, sizeof claims / sizeof *claims);
}
