/* mmap_sharing.c - who sees what is stored in mapped memory, and when it reaches the file and the disk. */
#define _GNU_SOURCE
#include "claims.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { READ_WRITE = PROT_READ | PROT_WRITE, ANONYMOUS = MAP_SHARED | MAP_ANONYMOUS };
enum { ROUNDS = 5 }; /* where a sync(1) by somebody else could disturb one */

static long page;

static char *map(int fd, long length, int flags)
{
	char *area = mmap(NULL, length, READ_WRITE, flags, fd, 0);

	if (area == MAP_FAILED)
		cannot("mmap of %ld bytes", length);
	return area;
}

static int reopened(const char *name)
{
	int fd = open(name, O_RDWR);

	if (fd == -1)
		cannot("%s", name);
	return fd;
}

static char byte_in_file(int fd, long offset)
{
	char byte;

	if (pread(fd, &byte, 1, offset) != 1)
		cannot("pread");
	return byte;
}

/* What the children do: the first two in a mapping of their own, the others in memory that they inherited. */
static void store_in_own_mapping(void *offset)
{
	map(reopened("file"), 2 * page, MAP_SHARED)[*(long *)offset] = 'c';
}

static void store_in_own_anonymous(void *unused)
{
	(void)unused;
	*map(-1, page, ANONYMOUS) = 'c';
}

static void store(void *byte)
{
	*(char *)byte = 'c';
}

static void store_address(void *area)
{
	*(void **)area = area;
}

static void look(void *byte)
{
	_exit(*(char *)byte);
}

/* A mapped page of a file on a disk, and its descriptor: msync() can make it clean. */
static char *page_on_disk(int *fd)
{
	char name[] = "/var/tmp/claims.XXXXXX", *area;

	*fd = mkstemp(name);
	if (*fd == -1 || unlink(name) == -1 || ftruncate(*fd, page) == -1)
		cannot("%s", name);
	area = map(*fd, page, MAP_SHARED);
	*area = 'd';
	if (msync(area, page, MS_SYNC) == -1)
		cannot("msync");
	if (smaps_kb(area, "Private_Dirty:") > 0) {
		errno = ENODEV;
		cannot("/var/tmp has no disk behind it");
	}
	return area;
}

static long dirty_kb(const char *area)
{
	return smaps_kb(area, "Private_Dirty:") + smaps_kb(area, "Shared_Dirty:");
}

static enum verdict c109(void)
{
	int fd = new_file("file", 2 * page);
	char *area = map(fd, 2 * page, MAP_SHARED);
	long first = 0;

	child_status(store_in_own_mapping, &first);
	if (pwrite(fd, "w", 1, 1) != 1)
		cannot("pwrite");
	saw("after a store in another process's mapping: '%c', after a write(): '%c'", area[0], area[1]);
	return confirmed_if(area[0] == 'c');
}

static enum verdict c110(void)
{
	char *area = map(new_file("file", page), page, MAP_SHARED), got;

	*area = 'n';
	got = byte_in_file(reopened("file"), 0);
	saw("stored 'n', no msync: read() through another descriptor gives '%c'", got);
	return confirmed_if(got != 'n');
}

static enum verdict c111(void)
{
	int fd;
	char *area = page_on_disk(&fd);
	long before, after;

	*area = 'n';
	before = dirty_kb(area);
	if (fsync(fd) == -1)
		cannot("fsync");
	after = dirty_kb(area);
	saw("stored, no msync but fsync of the file: dirty %ld kB, then %ld", before, after);
	return confirmed_if(after > 0);
}

static long setting(const char *path)
{
	FILE *in = fopen(path, "r");
	long value;

	if (in == NULL || fscanf(in, "%ld", &value) != 1)
		cannot("%s", path);
	fclose(in);
	return value;
}

static enum verdict c112(void)
{
	long expire = setting("/proc/sys/vm/dirty_expire_centisecs");
	long interval = setting("/proc/sys/vm/dirty_writeback_centisecs"), waited, most = 1000;
	struct timespec moment = { .tv_nsec = 10 * 1000 * 1000 };
	int fd;
	char *area;

	if (interval == 0 || expire + 2 * interval > most)
		return untested(
			"here it comes after %ld s or more (vm.dirty_expire_centisecs), too long to wait for",
			expire / 100);
	area = page_on_disk(&fd);
	*area = 'n';
	for (waited = 0; waited < 2 * most && dirty_kb(area) > 0; waited++)
		nanosleep(&moment, NULL);
	saw("dirty %ld kB after %ld ms", dirty_kb(area), 10 * waited);
	return confirmed_if(dirty_kb(area) == 0);
}

static enum verdict c113(void)
{
	int fd, i, dirty = 0;
	char *area = page_on_disk(&fd);

	for (i = 0; i < ROUNDS; i++) {
		if (msync(area, page, MS_SYNC) == -1)
			cannot("msync");
		*area = 'n';
		dirty += dirty_kb(area) > 0;
	}
	saw("msync first, then the store: the page is left dirty %d of %d times", dirty, ROUNDS);
	return confirmed_if(dirty == 0);
}

static enum verdict c114(void)
{
	char *area = map(new_file("file", page), page, MAP_SHARED);
	int neither = msync(area, page, 0), both;

	saw("neither: %s", outcome(neither));
	both = msync(area, page, MS_ASYNC | MS_SYNC);
	saw("both: %s", outcome(both));
	if (both == -1 && neither == 0)
		return DEPENDS;
	return confirmed_if(both == -1 && neither == -1);
}

/* Wait for what has been queued, queue nothing: is the page still dirty? Then it never was queued. */
static int was_not_queued(int fd, const char *area)
{
	if (sync_file_range(fd, 0, page, SYNC_FILE_RANGE_WAIT_BEFORE) == -1)
		cannot("sync_file_range");
	return dirty_kb(area) > 0;
}

static enum verdict c115(void)
{
	int fd, i, not_queued = 0, not_waited = 0;
	char *area = page_on_disk(&fd);

	for (i = 0; i < ROUNDS; i++) {
		*area = 'a';
		if (msync(area, page, MS_ASYNC) == -1)
			cannot("msync");
		not_queued += was_not_queued(fd, area);
		*area = 's';
		if (msync(area, page, MS_SYNC) == -1)
			cannot("msync");
		not_waited += dirty_kb(area) > 0;
	}
	saw("of %d times MS_ASYNC queued nothing %d times, MS_SYNC left the page dirty %d times", ROUNDS,
	    not_queued, not_waited);
	*area = 'q';
	if (sync_file_range(fd, 0, page, SYNC_FILE_RANGE_WRITE) == 0)
		saw("sync_file_range, which queues: dirty %s",
		    was_not_queued(fd, area) ? "still" : "no more");
	if (not_waited > 0)
		return REFUTED;
	return not_queued > 0 ? DEPENDS : CONFIRMED;
}

static enum verdict c116(void)
{
	char *area = map(new_file("file", page), page, MAP_SHARED);
	int middle = msync(area + 100, 100, MS_SYNC);

	saw("100 bytes from byte 100: %s", outcome(middle));
	saw("100 bytes from byte 0: %s", outcome(msync(area, 100, MS_SYNC)));
	return confirmed_if(middle == 0);
}

static enum verdict c117(void)
{
	int fd = new_file("file", page), result;
	char *area = map(fd, page, MAP_PRIVATE);

	*area = 'p';
	result = msync(area, page, MS_SYNC);
	saw("msync: %s", outcome(result));
	saw("the file's byte is %d", byte_in_file(fd, 0));
	return confirmed_if(byte_in_file(fd, 0) == 0);
}

static enum verdict c118(void)
{
	int fd = new_file("file", page), elsewhere;
	char *area = map(fd, page, MAP_PRIVATE);

	*area = 'p';
	elsewhere = WEXITSTATUS(child_status(look, map(fd, page, MAP_SHARED)));
	saw("stored 'p': the file's byte is %d, another process maps %d", byte_in_file(fd, 0), elsewhere);
	return confirmed_if(byte_in_file(fd, 0) == 0 && elsewhere == 0);
}

static enum verdict c119(void)
{
	int fd = new_file("file", page);
	char *private = map(fd, page, MAP_PRIVATE), *shared = map(fd, page, MAP_SHARED), after_read,
	     after_write;

	*shared = 'a';
	if (*(volatile char *)private != 'a')
		cannot("to read the private mapping");
	*shared = 'b';
	after_read = *(volatile char *)private;
	private[1] = 'p';
	*shared = 'c';
	after_write = *(volatile char *)private;
	saw("read, then 'b' stored outside: '%c'; written, then 'c' stored outside: '%c'", after_read,
	    after_write);
	return confirmed_if(after_read == 'a');
}

/* Does ADDRESS lie in a page of a file or of shared memory (bit 61, see pagemap in proc(5)), or in an own
 * one? */
static int is_file_page(const char *address)
{
	int fd = open("/proc/self/pagemap", O_RDONLY);
	uint64_t entry;

	if (fd == -1 ||
	    pread(fd, &entry, sizeof entry, (uintptr_t)address / page * sizeof entry) != sizeof entry)
		cannot("/proc/self/pagemap");
	close(fd);
	return entry >> 61 & 1;
}

static enum verdict c120(void)
{
	int fd = new_file("file", 2 * page), before, first, second;
	char *private = map(fd, 2 * page, MAP_PRIVATE), *shared = map(fd, 2 * page, MAP_SHARED), seen;

	reading(private);
	reading(private + page);
	before = is_file_page(private) && is_file_page(private + page);
	private[0] = 'p';
	first = is_file_page(private);
	second = is_file_page(private + page);
	shared[page] = 's';
	seen = ((volatile char *)private)[page];
	saw("both pages read: %s; page 0 written: page 0 %s, page 1 %s and shows '%c' stored outside",
	    before ? "the file's" : "own", first ? "the file's" : "own", second ? "the file's" : "own", seen);
	return confirmed_if(before && !first && second && seen == 's');
}

/* A page has its size in Rss, and in Pss that divided by the number of mappings. */
static void map_and_compare(void *parents)
{
	char *own = map(reopened("file"), page, MAP_SHARED);
	long rss, pss;

	reading(own);
	munmap(parents, page);
	rss = smaps_kb(own, "Rss:");
	pss = smaps_kb(own, "Pss:");
	saw("both have mapped it, at different addresses: Rss %ld kB, Pss %ld", rss, pss);
	_exit(own == parents || 2 * pss != rss);
}

static enum verdict c121(void)
{
	char *area = map(new_file("file", page), page, MAP_SHARED);

	writing(area);
	saw("a page mapped by one process: Rss %ld kB, Pss %ld", smaps_kb(area, "Rss:"),
	    smaps_kb(area, "Pss:"));
	return confirmed_if(child_status(map_and_compare, area) == 0);
}

static enum verdict c122(void)
{
	char *area = map(new_file("file", page), page, MAP_SHARED), *linked, *recreated;

	if (link("file", "link") == -1)
		cannot("link");
	linked = map(reopened("link"), page, MAP_SHARED);
	if (unlink("file") == -1)
		cannot("unlink");
	recreated = map(new_file("file", page), page, MAP_SHARED);
	*area = 'a';
	saw("stored 'a': a second link to the file has %d, a new file under the old name %d", *linked,
	    *recreated);
	return confirmed_if(*linked == 'a' && *recreated == 0);
}

static enum verdict c123(void)
{
	char *area = map(new_file("file", 2 * page), 100, MAP_SHARED);
	long offset = 50;

	child_status(store_in_own_mapping, &offset);
	saw("100 bytes mapped here; another process stored 'c' at byte 50: %d ('%c')", area[50], area[50]);
	return confirmed_if(area[50] == 'c');
}

static enum verdict c124(void)
{
	char *area = map(new_file("file", 2 * page), 100, MAP_SHARED);
	long offset = 150;

	child_status(store_in_own_mapping, &offset);
	saw("100 bytes mapped here; another process stored 'c' at byte 150 of its mapping: here it is %d",
	    area[150]);
	return confirmed_if(area[150] != 'c');
}

static enum verdict c125(void)
{
	int fd = new_file("data.txt", 0), sig;
	char *area = map(fd, 100, MAP_SHARED), *at_50;

	sig = writing(area + 20);
	at_50 = mmap(NULL, 100, READ_WRITE, MAP_SHARED, fd, 50);
	saw("offset 50: %s", outcome(at_50 == MAP_FAILED ? -1 : 0));
	saw("storing byte 20 through the mapping of the empty file: %s", signal_name(sig));
	return confirmed_if(sig == 0 && at_50 != MAP_FAILED);
}

static enum verdict c126(void)
{
	int fd = new_file("file", page);
	char *area = map(fd, page, MAP_SHARED), *other = map(fd, page, MAP_SHARED);
	int sig;

	close(fd);
	if (unlink("file") == -1)
		cannot("unlink");
	sig = writing(area);
	saw("the file deleted: writing %s, a second mapping shows '%c'", signal_name(sig), *other);
	return confirmed_if(sig != 0);
}

static enum verdict c127(void)
{
	int fd = new_file("file", page), sig;
	char *area = map(fd, page, MAP_SHARED);

	close(fd);
	sig = writing(area);
	saw("descriptor closed: writing %s, the file has '%c'", signal_name(sig),
	    byte_in_file(reopened("file"), 0));
	return confirmed_if(sig != 0);
}

static enum verdict c128(void)
{
	char on_stack = 'p', *private = map(-1, page, MAP_PRIVATE | MAP_ANONYMOUS);

	*private = 'p';
	child_status(store, &on_stack);
	child_status(store, private);
	saw("children stored 'c': the parent has '%c' on its stack and '%c' in a private page", on_stack,
	    *private);
	return confirmed_if(on_stack == 'p' && *private == 'p');
}

static enum verdict c129(void)
{
	char *shared = map(new_file("file", page), page, MAP_SHARED);

	*shared = 'p';
	child_status(store, shared);
	saw("the child stored 'c': the parent has '%c'", *shared);
	return confirmed_if(*shared == 'c');
}

static enum verdict c130(void)
{
	void **shared = (void **)map(-1, page, ANONYMOUS);

	child_status(store_address, shared);
	saw("the child stored the address %p where the parent has %p", *shared, (void *)shared);
	return confirmed_if(*shared == shared);
}

static enum verdict c131(void)
{
	char *copied = map(-1, page, MAP_PRIVATE | MAP_ANONYMOUS), *shared = map(-1, page, ANONYMOUS);

	*copied = *shared = 'p';
	child_status(store, copied);
	child_status(store, shared);
	saw("the child stored 'c': the parent has '%c' in memory that is copied on write, '%c' in shared "
	    "memory",
	    *copied, *shared);
	return confirmed_if(*copied == 'c');
}

static enum verdict c132(void)
{
	char *area = map(-1, page, ANONYMOUS);

	*area = 'p';
	child_status(store_in_own_anonymous, NULL);
	saw("the child made the same call and stored 'c' there: the parent has '%c'", *area);
	return confirmed_if(*area == 'c');
}

/* Store 'i' through the back door that PATH is: exit status 0, or errno's value. */
static void break_in(void *path)
{
	int fd = open(path, O_RDWR);

	if (fd == -1)
		_exit(errno);
	*map(fd, page, MAP_SHARED) = 'i';
}

static void break_in_as_ordinary_user(void *path)
{
	be_ordinary_user();
	break_in(path);
}

static enum verdict c133(void)
{
	char *area = map(-1, page, ANONYMOUS), path[100];
	int ordinary, root;

	snprintf(path, sizeof path, "/proc/%d/map_files/%lx-%lx", getpid(), (unsigned long)area,
		 (unsigned long)area + page);
	ordinary = WEXITSTATUS(child_status(break_in_as_ordinary_user, path));
	saw("through /proc/PID/map_files an ordinary user: %s",
	    ordinary == 0 ? "gets in" : strerrorname_np(ordinary));
	if (*area == 'i')
		return REFUTED;
	if (geteuid() != 0)
		return untested("needs root for the rest");
	root = WEXITSTATUS(child_status(break_in, path));
	saw("root: %s, and the byte is %d", root == 0 ? "gets in" : strerrorname_np(root), *area);
	if (root == EPERM)
		return untested("this root has not the privilege");
	return *area == 'i' ? DEPENDS : CONFIRMED;
}

static enum verdict c134(void)
{
	char *area = map(-1, page, ANONYMOUS), line[512], name[256] = "";
	FILE *in = fopen("/proc/self/maps", "r");
	unsigned long from, device = 1;

	if (in == NULL)
		cannot("/proc/self/maps");
	while (fgets(line, sizeof line, in) != NULL)
		if (sscanf(line, "%lx-", &from) == 1 && from == (unsigned long)area)
			sscanf(line, "%*s %*s %*s %lx:%*s %*s %255[^\n]", &device, name);
	fclose(in);
	*area = 's';
	if (msync(area, page, MS_SYNC) == -1)
		cannot("msync");
	saw("maps calls it \"%s\", device major number %lu; after msync it has %ld kB dirty", name, device,
	    dirty_kb(area));
	return confirmed_if(device == 0 && dirty_kb(area) > 0);
}

static enum verdict c142(void)
{
	char *area = map(new_file("file", page), page, MAP_SHARED);
	int early, late;

	*area = 'o';
	early = WEXITSTATUS(child_status(look, area)); /* as if the parent were slow ... */
	*area = 'n';
	late = WEXITSTATUS(child_status(look, area)); /* ... and fast */
	saw("'n' stored over 'o': the child reads '%c' if it is first, '%c' if the parent is; it never waits",
	    early, late);
	return confirmed_if(early == 'n' && late == 'n');
}

static const struct claim claims[] = {
	{ "C109", "9", "A store through one shared mapping is seen at once in other processes' mappings",
	  CONFIRMED, c109 },
	{ "C110", "9", "Stores in a shared mapping reach the file only with msync", REFUTED, c110 },
	{ "C111", "9", "Without msync the changes do not reach the disk", REFUTED, c111 },
	{ "C112", "9", "The kernel writes changed pages back by itself some time later", CONFIRMED, c112 },
	{ "C113", "9", "msync has to be called before the memory is used", REFUTED, c113 },
	{ "C114", "9", "msync wants exactly one of MS_ASYNC and MS_SYNC", DEPENDS, c114 },
	{ "C115", "9", "MS_ASYNC queues the write and returns, MS_SYNC waits for its end", DEPENDS, c115 },
	{ "C116", "9", "The address given to msync may be anywhere in the area", REFUTED, c116 },
	{ "C117", "9", "msync does nothing for a private mapping", CONFIRMED, c117 },
	{ "C118", "9", "Changes in a private mapping reach neither the file nor other processes", CONFIRMED,
	  c118 },
	{ "C119", "9",
	  "The first read of a private mapping copies the data, later changes outside are not seen", REFUTED,
	  c119 },
	{ "C120", "9",
	  "A private mapping uses the page cache's pages, and only a page that is written is copied",
	  CONFIRMED, c120 },
	{ "C121", "9",
	  "Processes that map a file shared have one physical page, at different virtual addresses",
	  CONFIRMED, c121 },
	{ "C122", "9", "What makes two mappings the same file is the inode, not the descriptor or the path",
	  CONFIRMED, c122 },
	{ "C123", "9", "Where the ranges of two mappings overlap, the memory is shared", CONFIRMED, c123 },
	{ "C124", "9", "Where the ranges of two mappings do not overlap, the memory is one process's own",
	  REFUTED, c124 },
	{ "C125", "9", "In an example two processes map the empty data.txt, one at offset 50, and store",
	  REFUTED, c125 },
	{ "C126", "9", "A mapping ends when its file is deleted", REFUTED, c126 },
	{ "C127", "9", "Closing the descriptor releases the mapping", REFUTED, c127 },
	{ "C128", "9", "Unless asked for, a child shares no memory with its parent", CONFIRMED, c128 },
	{ "C129", "9", "A shared mapping made before fork is shared with the child", CONFIRMED, c129 },
	{ "C130", "9", "Parent and child have an anonymous mapping at the same virtual address", CONFIRMED,
	  c130 },
	{ "C131", "9", "It is fork's copy on write that lets parent and child share anonymous memory",
	  REFUTED, c131 },
	{ "C132", "9", "Processes that make the same anonymous request get the same memory", REFUTED, c132 },
	{ "C133", "9", "An unrelated process has no way to an anonymous mapping", DEPENDS, c133 },
	{ "C134", "9", "Anonymous shared memory belongs to no file on a disk and is not written back to one",
	  CONFIRMED, c134 },
	{ "C142", "9",
	  "Without synchronisation the child prints what the parent has just stored in the mapping", REFUTED,
	  c142 },
};

int main(int argc, char *argv[])
{
	page = sysconf(_SC_PAGESIZE);
	return try_claims(argc, argv, claims, sizeof claims / sizeof *claims);
}
