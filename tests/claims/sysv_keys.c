/* sysv_keys.c - keys and identifiers of System V IPC. */
#define _GNU_SOURCE
#include "sysv.h"

#include <fcntl.h>
#include <ftw.h>
#include <sched.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/msg.h>
#include <sys/stat.h>
#include <sys/wait.h>

enum { SIZE = 4096, SLOTS = 32768 }; /* Linux: an identifier is its sequence number * SLOTS + its slot */

static void put(const char *path, const char *text)
{
	int fd = open(path, O_WRONLY);

	if (fd == -1 || write(fd, text, strlen(text)) == -1)
		cannot("%s", path);
	close(fd);
}

/* Go to namespaces of one's own (unshare(2)), an ordinary user into a user namespace as well. */
static void leave_to_own(int namespaces)
{
	unsigned uid = getuid(), gid = getgid();
	char line[40];

	if (uid == 0) {
		if (unshare(namespaces) == -1)
			cannot("namespaces of its own");
		return;
	}
	if (unshare(CLONE_NEWUSER | namespaces) == -1)
		cannot("namespaces of its own");
	put("/proc/self/setgroups", "deny");
	snprintf(line, sizeof line, "0 %u 1", uid);
	put("/proc/self/uid_map", line);
	snprintf(line, sizeof line, "0 %u 1", gid);
	put("/proc/self/gid_map", line);
}

static enum verdict c211(void)
{
	key_t first, second;

	new_file("file", 0);
	first = ftok("file", 1);
	second = ftok("file", 1);
	saw("%s", first == second ? "the same twice" : "two keys");
	return confirmed_if(first == second && first != -1);
}

static void ftok_in_closed_directory(void *unused)
{
	(void)unused;
	be_ordinary_user();
	saw("a path through a closed directory: %s", outcome(ftok("closed/file", 1)));
}

static enum verdict c212(void)
{
	int missing = ftok("missing", 1) == -1, zero;

	saw("a path that is missing: %s", outcome(missing ? -1 : 0));
	if (mkdir("closed", 0) == -1)
		cannot("mkdir");
	child_status(ftok_in_closed_directory, NULL);
	new_file("file", 0);
	zero = ftok("file", 0) == -1;
	saw("second argument 0: %s", zero ? "refused" : "accepted");
	return confirmed_if(!missing && zero);
}

static enum verdict c213(void)
{
	int fd = new_file("file", 0), missing = ftok("missing", 1) == -1;
	key_t before = ftok("file", 1);

	if (write(fd, "content", 7) != 7 || fchmod(fd, 0) == -1)
		cannot("write and chmod");
	saw("missing: %s; written to and mode 0: %s", missing ? "refused" : "accepted",
	    ftok("file", 1) == before ? "the same key" : "another key");
	return confirmed_if(missing && ftok("file", 1) == before);
}

static enum verdict c214(void)
{
	key_t one, more;

	new_file("file", 0);
	one = ftok("file", 1);
	more = ftok("file", 257);
	saw("1 and 257 give %s", one == more ? "the same key" : "two keys");
	return confirmed_if(one == more);
}

static enum verdict c215(void)
{
	struct stat info;
	unsigned expected, key;

	if (fstat(new_file("file", 0), &info) == -1)
		cannot("fstat");
	expected = 0x2au << 24 | (info.st_dev & 0xff) << 16 | (info.st_ino & 0xffff);
	key = ftok("file", 0x2a);
	saw("id 0x2a, low byte of the device %#lx, low half of the inode number %#lx: key %#x",
	    (unsigned long)info.st_dev & 0xff, (unsigned long)info.st_ino & 0xffff, key);
	return confirmed_if(key == expected);
}

static enum verdict c216(void)
{
	key_t before, after;

	new_file("file", 0); /* stays open, so that the inode is not free for the next file */
	before = ftok("file", 1);
	if (unlink("file") == -1)
		cannot("unlink");
	new_file("file", 0);
	after = ftok("file", 1);
	saw("deleted and made anew: %s", before == after ? "the same key" : "another key");
	return confirmed_if(before != after);
}

static struct {
	key_t key;
	ino_t inode;
} known[0x10000]; /* by the low half of the key */

static int compare_with_known(const char *path, const struct stat *info, int type, struct FTW *where)
{
	key_t key;

	(void)where;
	if (type != FTW_F || (key = ftok(path, 1)) == -1)
		return 0;
	if (known[key & 0xffff].key == key && known[key & 0xffff].inode != info->st_ino) {
		saw("two files in /usr, inodes %lu and %lu, have the key %#x", (unsigned long)info->st_ino,
		    (unsigned long)known[key & 0xffff].inode, (unsigned)key);
		return 1;
	}
	known[key & 0xffff].key = key;
	known[key & 0xffff].inode = info->st_ino;
	return 0;
}

static enum verdict c217(void)
{
	int found = nftw("/usr", compare_with_known, 16, FTW_PHYS | FTW_MOUNT);

	if (found == 0)
		return untested("no two files in /usr happen to have the same key");
	return confirmed_if(found == 1);
}

/* Enter a new file system whose device number ends in a byte of 0: they are counted upwards. */
static void enter_file_system_0(void)
{
	struct stat info;
	int i;

	leave_to_own(CLONE_NEWNS);
	if (mkdir("here", 0700) == -1 || mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL) == -1)
		cannot("a mount namespace");
	for (i = 0; i < 1000; i++) {
		if (mount("tmpfs", "here", "tmpfs", 0, "size=1m") == -1 || stat("here", &info) == -1)
			cannot("mount");
		if ((info.st_dev & 0xff) == 0 && chdir("here") == 0)
			return;
	}
	cannot("a device number that ends in a byte of 0");
}

static enum verdict c218(void)
{
	struct stat info;
	int i;
	key_t key;

	enter_file_system_0();
	for (i = 0; i < 4 * 0x10000; i++) { /* until the inode number ends in 16 bits of 0 */
		unlink("file");
		if (mknod("file", S_IFREG | 0600, 0) == -1 || stat("file", &info) == -1)
			cannot("a file");
		if ((info.st_ino & 0xffff) == 0)
			break;
	}
	key = ftok("file", 256);
	saw("device %#lx, inode %#lx, id 256: key %#x", (unsigned long)info.st_dev,
	    (unsigned long)info.st_ino, key);
	return confirmed_if(key != IPC_PRIVATE);
}

static void serve(void *path)
{
	key_t key = ftok(path, 'a');
	char *area = shmat(shmget(key, SIZE, IPC_CREAT | 0600), NULL, 0);

	if (area == (void *)-1)
		cannot("shmat");
	*area = 's';
}

static void be_client(void *path)
{
	key_t key = ftok(path, 'a');
	char *area = shmat(shmget(key, SIZE, 0), NULL, 0);

	saw("ftok of a path that is missing: %#x; with that key the client finds %s", (unsigned)key,
	    area == (void *)-1 ? "nothing" : "the server's segment");
	_exit(area != (void *)-1 && *area == 's');
}

static enum verdict c219(void)
{
	char path[] = "no such directory/file";

	leave_to_own(CLONE_NEWIPC); /* whoever does this uses the same key */
	child_status(serve, path);
	return confirmed_if(child_status(be_client, path) == 0);
}

static enum verdict c220(void)
{
	saw("key_t has %zu bytes, int %zu, long %zu", sizeof(key_t), sizeof(int), sizeof(long));
	return confirmed_if(_Generic((key_t)0, int : 1, default : 0));
}

static enum verdict c221(void)
{
	key_t key = new_key();
	int id = new_segment(key, SIZE, 0600);
	void *by_key = shmat(key, NULL, 0), *by_id;

	saw("shmat(key): %s", outcome((long)by_key));
	by_id = shmat(id, NULL, 0);
	saw("shmat(identifier): %s", outcome((long)by_id));
	return confirmed_if(by_key == (void *)-1 && by_id != (void *)-1);
}

static enum verdict c222(void)
{
	int first = new_segment(IPC_PRIVATE, SIZE, 0600), second = new_segment(IPC_PRIVATE, SIZE, 0600);

	saw("IPC_PRIVATE twice: %s", first == second ? "one identifier" : "two identifiers");
	return confirmed_if(first != second);
}

static enum verdict c223(void)
{
	int first = get((key_t)0, SIZE, IPC_CREAT | 0600), second = get((key_t)0, SIZE, IPC_CREAT | 0600);

	saw("IPC_PRIVATE is %d; key 0 with IPC_CREAT twice: %s", (int)IPC_PRIVATE,
	    first == second ? "not two segments" : "two segments");
	return confirmed_if(first != -1 && second != -1 && first != second);
}

/* Make a queue and remove it: its identifier, and in *SEQUENCE its slot's number. */
static int make_and_remove(unsigned *sequence)
{
	int id = msgget(IPC_PRIVATE, 0600);
	struct msqid_ds status;

	if (id == -1 || msgctl(id, IPC_STAT, &status) == -1 || msgctl(id, IPC_RMID, NULL) == -1)
		cannot("to make a queue and to remove it");
	*sequence = status.msg_perm.__seq;
	return id;
}

static enum verdict c224(void)
{
	static int known_id[SLOTS]; /* + 1 */
	unsigned sequence;
	int removed = 0, id = make_and_remove(&sequence), growth;

	while (known_id[id % SLOTS] == 0) {
		known_id[id % SLOTS] = id + 1;
		id = make_and_remove(&sequence);
		removed++;
	}
	growth = id - (known_id[id % SLOTS] - 1);
	saw("a slot was used again after %d removals, its identifier was then larger by %d", removed, growth);
	if (growth != SLOTS)
		return REFUTED;
	return removed == 1 ? CONFIRMED : DEPENDS;
}

static enum verdict c225(void)
{
	unsigned sequence = 0;
	int i, id = 0;

	for (i = 0; i < 2 * SLOTS && sequence == 0; i++)
		id = make_and_remove(&sequence);
	saw("sequence number %u, identifier %d, that is %u * %d + slot %d", sequence, id, sequence, SLOTS,
	    id % SLOTS);
	return confirmed_if(sequence > 0 && id / SLOTS == (int)sequence);
}

static enum verdict c226(void)
{
	unsigned before, after;
	int i, bumps = 0, removals = 50;

	make_and_remove(&before);
	for (i = 0; i < removals; i++) {
		make_and_remove(&after);
		bumps += after != before;
		before = after;
	}
	saw("%d removals: the sequence number has changed %d times", removals, bumps);
	return confirmed_if(bumps == removals);
}

static enum verdict c227(void)
{
	enum { KEPT = 42 }; /* Linux hands out at least 64 slots in turn: leave few, and a turn is short */
	int i, id, highest, sequence = 0;
	long pairs = 0;

	leave_to_own(CLONE_NEWIPC);
	for (i = 0; i < KEPT; i++)
		if (msgget(IPC_PRIVATE, 0600) == -1)
			cannot("msgget");
	do {
		highest = sequence;
		if ((id = msgget(IPC_PRIVATE, 0600)) == -1 || msgctl(id, IPC_RMID, NULL) == -1)
			cannot("to make a queue and to remove it");
		sequence = id / SLOTS;
		pairs++;
	} while (sequence >= highest && pairs < 5000000);
	saw("after %ld queues made and removed the sequence number went from %d to %d", pairs, highest,
	    sequence);
	return confirmed_if(sequence == 0 && highest > 0);
}

/* Try numbers, down from a new identifier: exit status 0 when one is the segment of the parent process. */
static void guess(void *unused)
{
	struct shmid_ds status;
	int own, id;

	(void)unused;
	be_ordinary_user();
	own = new_segment(IPC_PRIVATE, SIZE, 0600);
	for (id = own - 1; id >= 0 && id > own - 2 * SLOTS; id--)
		if (shmctl(id, IPC_STAT, &status) == 0 && status.shm_cpid == getppid())
			_exit(0);
	_exit(1);
}

static enum verdict c228(void)
{
	int found;

	new_segment(IPC_PRIVATE, SIZE, 0666);
	found = child_status(guess, NULL) == 0;
	saw("an ordinary user's process that was told nothing has %s the identifier",
	    found ? "guessed" : "not guessed");
	return confirmed_if(found);
}

static void find_key(void *key)
{
	_exit(shmget(*(key_t *)key, 0, 0) == -1 ? errno : 0);
}

static void find_key_elsewhere(void *key)
{
	leave_to_own(CLONE_NEWIPC);
	find_key(key);
}

static enum verdict c229(void)
{
	key_t key = new_key();
	int here, elsewhere;

	new_segment(key, SIZE, 0600);
	here = WEXITSTATUS(child_status(find_key, &key));
	elsewhere = WEXITSTATUS(child_status(find_key_elsewhere, &key));
	saw("another process: %s; in an IPC namespace of its own: %s",
	    here == 0 ? "found" : strerrorname_np(here),
	    elsewhere == 0 ? "found" : strerrorname_np(elsewhere));
	return weigh(here == 0, elsewhere != 0);
}

static enum verdict c230(void)
{
	return untested("it would take a reboot");
}

static const struct claim claims[] = {
	{ "C211", "7", "The same arguments of ftok give the same key", CONFIRMED, c211 },
	{ "C212", "7", "The arguments of ftok may be anything as long as the second is not 0", REFUTED,
	  c212 },
	{ "C213", "7", "The file given to ftok must exist and be accessible, its content does not matter",
	  CONFIRMED, c213 },
	{ "C214", "7", "ftok uses only 8 bits of its second argument", CONFIRMED, c214 },
	{ "C215", "7", "The key is made of inode number, device number and second argument", CONFIRMED,
	  c215 },
	{ "C216", "7", "If the file is deleted and made anew the key may be another", CONFIRMED, c216 },
	{ "C217", "7", "Keys from ftok are not guaranteed to be unique", CONFIRMED, c217 },
	{ "C218", "7", "No arguments make ftok return IPC_PRIVATE", REFUTED, c218 },
	{ "C219", "7", "Server and client find each other by the path that both give to ftok", REFUTED,
	  c219 },
	{ "C220", "7", "key_t is int", CONFIRMED, c220 },
	{ "C221", "7", "All calls but the get calls take the identifier, never the key", CONFIRMED, c221 },
	{ "C222", "7", "IPC_PRIVATE always makes a new object", CONFIRMED, c222 },
	{ "C223", "7", "Key 0 with IPC_CREAT makes a new segment, just as IPC_PRIVATE does", CONFIRMED,
	  c223 },
	{ "C224", "7", "The next object gets the slot just freed, and an identifier larger by the table size",
	  DEPENDS, c224 },
	{ "C225", "7", "The identifier contains the slot's sequence number, which is kept in ipc_perm",
	  CONFIRMED, c225 },
	{ "C226", "7", "Each removal makes the sequence number larger", REFUTED, c226 },
	{ "C227", "7", "The sequence number starts at 0 again when it overflows", CONFIRMED, c227 },
	{ "C228", "7", "Identifiers hold in the whole system, and any process may try one", CONFIRMED, c228 },
	{ "C229", "7", "All processes of the system compete for one set of keys", DEPENDS, c229 },
	{ "C230", "7", "A reboot removes System V objects", UNTESTED, c230 },
};

int main(int argc, char *argv[])
{
	return try_claims(argc, argv, claims, sizeof claims / sizeof *claims);
}
