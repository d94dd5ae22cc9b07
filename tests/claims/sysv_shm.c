/* sysv_shm.c - System V shared memory: what shmget(2) and shmat(2) give and refuse. */
#define _GNU_SOURCE
#include "sysv.h"

#include <signal.h>
#include <stdint.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>

static long page;

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
	int again, reason;

	new_segment(key, page, 0600);
	again = get(key, page, IPC_CREAT | IPC_EXCL | 0600);
	reason = errno;
	saw("a second time: %s", outcome(again));
	return confirmed_if(again == -1 && reason == EEXIST);
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
	int without = shmget(key, page, 0), with, reason;

	saw("the key is missing, without IPC_CREAT: %s", outcome(without));
	with = get(key, page, IPC_CREAT | 0600);
	reason = errno;
	saw("with IPC_CREAT: %s", outcome(with));
	return confirmed_if(with == -1 && reason == ENOENT);
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

struct segment {
	int id;
	char *area;
};

/* Attach segment ID, store its first byte, and end with 1 if that was at another address than AREA. */
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
};

int main(int argc, char *argv[])
{
	page = sysconf(_SC_PAGESIZE);
	return try_claims(argc, argv, claims, sizeof claims / sizeof *claims);
}
