/* sysv_shm.c - System V shared memory: size, attachments, permissions, life time. */
#define _GNU_SOURCE
#include "claims.h"

#include <errno.h>
#include <grp.h>
#include <semaphore.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ipc.h>
#include <sys/mman.h>
#include <sys/shm.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { NOBODY = 65534 };

static long page;

static void remove_segment(int id)
{
	shmctl(id, IPC_RMID, NULL);
}

/* shmget(), and whatever it makes is removed afterwards. */
static int get(key_t key, size_t size, int flags)
{
	int id = shmget(key, size, flags), reason = errno;

	if (id != -1)
		afterwards(remove_segment, id);
	errno = reason;
	return id;
}

static int new_segment(key_t key, size_t size, int mode)
{
	int id = get(key, size, IPC_CREAT | IPC_EXCL | mode);

	if (id == -1)
		cannot("shmget");
	return id;
}

static char *attached(int id)
{
	char *area = shmat(id, NULL, 0);

	if (area == (void *)-1)
		cannot("shmat");
	return area;
}

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

/* A key that nobody uses. */
static key_t new_key(void)
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

/* The start of LENGTH bytes of addresses where nothing is mapped, a multiple of SHMLBA. */
static char *free_addresses(size_t length)
{
	char *area = mmap(NULL, length + SHMLBA, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	if (area == MAP_FAILED || munmap(area, length + SHMLBA) == -1)
		cannot("addresses");
	return area + (SHMLBA - (uintptr_t)area % SHMLBA) % SHMLBA;
}

/* SIZE bytes attached in the midst of nothing. */
static char *attached_alone(size_t size)
{
	char *area = shmat(new_segment(IPC_PRIVATE, size, 0600), free_addresses(size + 4 * page), 0);

	if (area == (void *)-1)
		cannot("shmat");
	return area;
}

/* The memory in use for segment ID, in bytes, and whether /proc/sysvipc/shm lists it at all. */
static int listed(int id, long *memory)
{
	FILE *in = fopen("/proc/sysvipc/shm", "r");
	char line[512];
	long resident, swapped;
	int other, found = 0;

	if (in == NULL)
		cannot("/proc/sysvipc/shm");
	while (fgets(line, sizeof line, in) != NULL)
		if (sscanf(line, "%*d %d %*o %*u %*d %*d %*u %*u %*u %*u %*u %*u %*u %*u %ld %ld", &other,
			   &resident, &swapped) == 3 &&
		    other == id) {
			*memory = resident + swapped;
			found = 1;
		}
	fclose(in);
	return found;
}

static enum verdict c231(void)
{
	int id = new_segment(IPC_PRIVATE, page + 1, 0600);
	long before = -1, after = -1;

	if (!listed(id, &before))
		return untested("/proc/sysvipc/shm does not list the segment");
	memset(attached(id), 's', page + 1);
	listed(id, &after);
	saw("%ld bytes asked for: %ld in use at first, %ld when all are written", page + 1, before, after);
	return confirmed_if(after == 2 * page);
}

static enum verdict c232(void)
{
	char *area = attached_alone(page + 1);
	int rest = writing(area + 2 * page - 1), behind = writing(area + 2 * page);

	saw("%ld bytes asked for: writing byte %ld %s, byte %ld %s", page + 1, 2 * page - 1,
	    signal_name(rest), 2 * page, signal_name(behind));
	return confirmed_if(rest != 0);
}

static enum verdict c233(void)
{
	char *area = attached_alone(1);
	int last = writing(area + page - 1), behind = writing(area + page);

	saw("1 byte asked for: writing byte %ld %s, byte %ld %s", page - 1, signal_name(last), page,
	    signal_name(behind));
	return confirmed_if(last == 0 && behind == SIGSEGV);
}

static enum verdict c234(void)
{
	key_t key = new_key();
	int again;

	new_segment(key, page, 0600);
	again = get(key, page, IPC_CREAT | IPC_EXCL | 0600);
	saw("a second time: %s", outcome(again));
	return confirmed_if(again == -1 && errno == EEXIST);
}

static enum verdict c235(void)
{
	key_t key = new_key();
	int with, without;

	new_segment(key, page, 0600);
	with = get(key, page, IPC_CREAT | IPC_EXCL | 0600);
	saw("the segment exists: with IPC_CREAT|IPC_EXCL %s", outcome(with));
	without = shmget(key, page, IPC_EXCL);
	saw("with IPC_EXCL alone %s", outcome(without));
	return weigh(with == -1, without != -1);
}

static void create_and_attach(void *key)
{
	int id;

	be_ordinary_user();
	saw("the key is missing, flag 0: %s", outcome(shmget(*(key_t *)key, page, 0)));
	id = get(*(key_t *)key, page, IPC_CREAT);
	saw("IPC_CREAT: %s", outcome(id));
	saw("its maker attaches it: %s", outcome((long)shmat(id, NULL, 0)));
	_exit(id == -1);
}

static enum verdict c236(void)
{
	key_t key = new_key();

	return confirmed_if(child_status(create_and_attach, &key) != 0);
}

static enum verdict c237(void)
{
	key_t key = new_key();
	int without = shmget(key, page, 0), with;

	saw("the key is missing, without IPC_CREAT: %s", outcome(without));
	with = get(key, page, IPC_CREAT | 0600);
	saw("with IPC_CREAT: %s", outcome(with));
	return confirmed_if(with == -1 && errno == ENOENT);
}

/* errno of the shmget() of a new segment of SIZE bytes, or 0. */
static int refusal(size_t size)
{
	return get(IPC_PRIVATE, size, IPC_CREAT | 0600) == -1 ? errno : 0;
}

static enum verdict c238(void)
{
	int none = refusal(0), too_many = refusal(SIZE_MAX), petabyte = refusal((size_t)1 << 50);

	saw("0 bytes: %s, SIZE_MAX bytes: %s, 2^50 bytes: %s", strerrorname_np(none),
	    strerrorname_np(too_many), strerrorname_np(petabyte));
	if (petabyte == 0)
		return untested("this kernel promises memory that it has not got (vm.overcommit_memory)");
	return confirmed_if(none == EINVAL && too_many == EINVAL && petabyte == ENOMEM);
}

static enum verdict c239(void)
{
	key_t key = new_key();
	int id = new_segment(key, page, 0600), fetched = shmget(key, 0, 0);

	saw("size 0: %s", fetched == id ? "the same identifier" : outcome(fetched));
	saw("twice its size: %s", outcome(shmget(key, 2 * page, 0)));
	return confirmed_if(fetched == id);
}

static enum verdict c240(void)
{
	char *area = attached(new_segment(IPC_PRIVATE, page, 0600));
	int read_sig = reading(area), write_sig = writing(area);

	saw("shmat(id, NULL, 0): an address, reading %s, writing %s", signal_name(read_sig),
	    signal_name(write_sig));
	return confirmed_if(read_sig == 0 && write_sig == 0);
}

static enum verdict c241(void)
{
	int id = new_segment(IPC_PRIVATE, page, 0600);
	char *base = free_addresses(4 * SHMLBA), *as_is = shmat(id, base, 0);
	char *rounded = shmat(id, base + 2 * SHMLBA + 100, SHM_RND), *unaligned;

	saw("SHMLBA %ld: a multiple is %s", (long)SHMLBA, as_is == base ? "used as it is" : "not used");
	saw("100 more with SHM_RND is %s",
	    rounded == base + 2 * SHMLBA ? "rounded down" : "not rounded down");
	unaligned = shmat(id, base + 3 * SHMLBA + 100, 0);
	saw("without: %s", outcome((long)unaligned));
	return confirmed_if(as_is == base && rounded == base + 2 * SHMLBA);
}

static enum verdict c242(void)
{
	char *area = shmat(new_segment(IPC_PRIVATE, page, 0600), NULL, SHM_RDONLY);
	int read_sig, write_sig;

	if (area == (void *)-1)
		cannot("shmat");
	read_sig = reading(area);
	write_sig = writing(area);
	saw("attached with SHM_RDONLY: reading %s, writing %s", signal_name(read_sig),
	    signal_name(write_sig));
	return confirmed_if(read_sig == 0 && write_sig == SIGSEGV);
}

/* Attach segment ID, store its first byte, and end with 1 if that was at another address than AREA. */
struct segment {
	int id;
	char *area;
};

static void store_elsewhere(void *arg)
{
	struct segment *segment = arg;
	char *own = attached(segment->id);

	*own = 'c';
	_exit(own != segment->area);
}

static enum verdict c243(void)
{
	struct segment segment = { .id = new_segment(IPC_PRIVATE, page, 0600) };
	int differs;

	segment.area = attached(segment.id);
	differs = WEXITSTATUS(child_status(store_elsewhere, &segment));
	saw("attached at %s in the child, which stored 'c': the parent has %d ('%c')",
	    differs ? "another address" : "the same address", *segment.area, *segment.area);
	return confirmed_if(differs && *segment.area == 'c');
}

/* A page has its size in Rss, and in Pss that divided by the number of page tables that refer to it. */
static void attach_and_compare(void *arg)
{
	struct segment *segment = arg;
	char *own = attached(segment->id);
	long rss, pss;

	reading(own);
	shmdt(segment->area);
	rss = smaps_kb(own, "Rss:");
	pss = smaps_kb(own, "Pss:");
	saw("by a second one too: Rss %ld kB, Pss %ld", rss, pss);
	_exit(2 * pss != rss);
}

static enum verdict c244(void)
{
	struct segment segment = { .id = new_segment(IPC_PRIVATE, page, 0600) };

	segment.area = attached(segment.id);
	writing(segment.area);
	saw("a page used by one process: Rss %ld kB, Pss %ld", smaps_kb(segment.area, "Rss:"),
	    smaps_kb(segment.area, "Pss:"));
	return confirmed_if(child_status(attach_and_compare, &segment) == 0);
}

/* Exit status: errno of shmat() of the segment *ID for an ordinary user, or 0. */
static void attach_as_ordinary_user(void *id)
{
	be_ordinary_user();
	_exit(shmat(*(int *)id, NULL, 0) == (void *)-1 ? errno : 0);
}

static enum verdict c245(void)
{
	int closed = new_segment(IPC_PRIVATE, page, 0), local, address, id, access;

	address = shmdt(&local) == -1 ? errno : 0;
	id = shmat(-1, NULL, 0) == (void *)-1 ? errno : 0;
	access = WEXITSTATUS(child_status(attach_as_ordinary_user, &closed));
	saw("shmdt of a wrong address: %s, shmat of a wrong id: %s, of a segment of mode 0: %s",
	    strerrorname_np(address), strerrorname_np(id), strerrorname_np(access));
	return confirmed_if(address == EINVAL && id == EINVAL && access == EACCES);
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

static void increment(void *counter)
{
	++*(int *)counter;
}

static enum verdict c258(void)
{
	int *counter = (int *)attached(new_segment(IPC_PRIVATE, page, 0600)), seen;

	seen = *counter; /* an increment ... */
	child_status(increment, counter);
	*counter = seen + 1; /* ... with another one between its load and its store */
	saw("two processes have added 1 to 0, one in the midst of the other: %d", *counter);
	return confirmed_if(*counter == 1);
}

struct exchange {
	volatile int data;
	sem_t semaphore;
};

static void store_often(void *arg)
{
	struct exchange *exchange = arg;
	int i;

	for (i = 1; i <= 10000; i++)
		exchange->data = i;
}

static void store_often_locked(void *arg)
{
	struct exchange *exchange = arg;
	int i;

	for (i = 1; i <= 10000; i++) {
		sem_wait(&exchange->semaphore);
		exchange->data = -i;
		sem_post(&exchange->semaphore);
	}
}

static enum verdict c259(void)
{
	struct exchange *exchange = (struct exchange *)attached(new_segment(IPC_PRIVATE, page, 0600));
	long plain, locked;
	int seen;

	if (sem_init(&exchange->semaphore, 1, 1) == -1)
		cannot("sem_init");
	plain = system_calls(store_often, exchange);
	seen = exchange->data;
	locked = system_calls(store_often_locked, exchange);
	saw("10000 stores that end with %d here: %ld system calls; with a free semaphore around each: %ld",
	    seen, plain, locked);
	return confirmed_if(plain == 0 && locked == 0 && seen == 10000 && exchange->data == -10000);
}

static const char spinner[] = "#include <stdlib.h>\n"
			      "#include <sys/shm.h>\n"
			      "#include <unistd.h>\n"
			      "int main(int argc, char *argv[]) {\n"
			      "	char *word = shmat(atoi(argv[argc - 1]), NULL, 0);\n"
			      "	if (word == (void *)-1 || write(1, \"\", 1) != 1) return 1;\n"
			      "	while (word[0] != 'q')\n"
			      "		;\n"
			      "	return 0;\n"
			      "}\n";

struct command {
	char *file, id[12];
	int ready[2];
};

static void run_spinner(void *arg)
{
	struct command *command = arg;

	if (dup2(command->ready[1], STDOUT_FILENO) != -1)
		execl(command->file, command->file, command->id, (char *)NULL);
	cannot("%s", command->file);
}

/* Let PID have 30 ms of processor time: 1 if it used them up, 0 if it has ended. */
static int runs_on(pid_t pid)
{
	struct timespec moment = { .tv_nsec = 1000 * 1000 }, used;
	siginfo_t info = { 0 };
	clockid_t clock;
	long start_ms = -1, ms;

	if (clock_getcpuclockid(pid, &clock) != 0)
		cannot("clock_getcpuclockid");
	for (;;) {
		if (waitid(P_PID, pid, &info, WEXITED | WNOHANG | WNOWAIT) == -1 || info.si_pid == pid)
			return 0;
		if (clock_gettime(clock, &used) == -1)
			cannot("clock_gettime");
		ms = used.tv_sec * 1000 + used.tv_nsec / 1000000;
		if (start_ms == -1)
			start_ms = ms;
		if (ms >= start_ms + 30)
			return 1;
		nanosleep(&moment, NULL);
	}
}

/* Does the program in FILE spin until this process stores "quit"? */
static int ends_at_quit(char *file)
{
	struct command command = { .file = file };
	int id = new_segment(IPC_PRIVATE, page, 0600), before, after;
	char *word = attached(id), byte;
	pid_t pid;

	snprintf(command.id, sizeof command.id, "%d", id);
	if (pipe(command.ready) == -1)
		cannot("pipe");
	pid = start(run_spinner, &command);
	close(command.ready[1]);
	if (read(command.ready[0], &byte, 1) != 1)
		cannot("to start %s", file);
	before = runs_on(pid);
	strcpy(word, "quit");
	after = runs_on(pid);
	kill_and_wait(pid);
	saw("%s %s", file, !before ? "ends before \"quit\"" : after ? "spins on" : "ends at \"quit\"");
	return before && !after;
}

static enum verdict c260(void)
{
	int fd = new_file("spinner.c", 0), unoptimised, optimised;
	char answer[200];

	if (write(fd, spinner, sizeof spinner - 1) == -1)
		cannot("write");
	if (shell("cc -O0 -o O0 spinner.c 2>&1 && cc -O1 -o O1 spinner.c 2>&1", answer, sizeof answer) != 0)
		return untested("cc: %s", answer);
	unoptimised = ends_at_quit("./O0");
	optimised = ends_at_quit("./O1");
	return weigh(unoptimised || optimised, !unoptimised || !optimised);
}

static void write_late(void *area)
{
	raise(SIGSTOP); /* as if other processes had the processor */
	strcpy(area, "hello");
}

/* Any length would do: the writer is stopped. */
static void sleep_and_look(void *area)
{
	struct timespec nap = { .tv_nsec = 100 * 1000 * 1000 };

	nanosleep(&nap, NULL);
	_exit(strcmp(area, "hello") == 0);
}

static enum verdict c261(void)
{
	char *area = attached(new_segment(IPC_PRIVATE, page, 0600));
	pid_t writer = start(write_late, area);
	int status, early;

	if (waitpid(writer, &status, WUNTRACED) == -1)
		cannot("waitpid");
	early = WEXITSTATUS(child_status(sleep_and_look, area));
	kill(writer, SIGCONT);
	status_of(writer);
	saw("a writer that is kept from running: the reader, after its sleep, sees %s; later there is \"%s\"",
	    early ? "\"hello\"" : "nothing", area);
	return confirmed_if(early);
}

static const struct claim claims[] = {
	{ "C231", "7", "Memory is allotted in whole pages: 4097 bytes become 8192", CONFIRMED, c231 },
	{ "C232", "7", "Of a segment of 4097 bytes only those, not the rest of the page, can be used",
	  REFUTED, c232 },
	{ "C233", "7", "Who asks for one byte gets a whole page", CONFIRMED, c233 },
	{ "C234", "7", "IPC_CREAT|IPC_EXCL with an existing key fails with EEXIST", CONFIRMED, c234 },
	{ "C235", "7", "IPC_EXCL makes shmget fail if the segment exists", DEPENDS, c235 },
	{ "C236", "7", "IPC_CREAT alone gives access to an existing segment and makes none", REFUTED, c236 },
	{ "C237", "7", "ENOENT means that IPC_CREAT was given and the key does not exist", REFUTED, c237 },
	{ "C238", "7", "shmget fails with EINVAL for a bad or too large size, with ENOMEM if memory is short",
	  CONFIRMED, c238 },
	{ "C239", "7", "An existing segment can be fetched with size 0", CONFIRMED, c239 },
	{ "C240", "7",
	  "With NULL the system chooses the address, with flag 0 the segment can be read and written",
	  CONFIRMED, c240 },
	{ "C241", "7",
	  "A given address is used as it is, or with SHM_RND rounded down to a multiple of SHMLBA", CONFIRMED,
	  c241 },
	{ "C242", "7", "With SHM_RDONLY the segment can only be read", CONFIRMED, c242 },
	{ "C243", "7", "Processes need not have the segment at the same address", CONFIRMED, c243 },
	{ "C244", "7", "Several page tables refer to one physical page", CONFIRMED, c244 },
	{ "C245", "7", "EINVAL: a bad identifier or address; EACCES: no permission", CONFIRMED, c245 },
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
	{ "C258", "7", "Shared memory brings no synchronisation of its own", CONFIRMED, c258 },
	{ "C259", "7", "Once the memory is mapped, data is exchanged without a system call", CONFIRMED,
	  c259 },
	{ "C260", "7",
	  "A writer that spins on a plain variable goes on until the reader stores \"quit\" there", DEPENDS,
	  c260 },
	{ "C261", "7", "A sleep in the child makes sure that the parent has finished writing", REFUTED,
	  c261 },
};

int main(int argc, char *argv[])
{
	page = sysconf(_SC_PAGESIZE);
	return try_claims(argc, argv, claims, sizeof claims / sizeof *claims);
}
