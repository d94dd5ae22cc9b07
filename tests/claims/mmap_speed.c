/*
 * mmap_speed.c - what mapped memory costs, compared with read() and with other memory.
 *
 * A duration is processor time, the shortest of some runs, so that a busy machine does not matter much; and
 * twice as fast is the least that counts as faster.
 */
#define _GNU_SOURCE
#include "claims.h"

#include <fcntl.h>
#include <string.h>
#include <sys/ipc.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/shm.h>
#include <time.h>
#include <unistd.h>

enum { RUNS = 3, BIG = 16 * 1024 * 1024, SMALL = 4096, BLOCK = 64, ACCESSES = 20000 };

static volatile long result; /* so that no access is left out */

/* A file of SIZE bytes whose pages are all in memory. */
static int cached_file(long size)
{
	static const char block[SMALL] = "some data";
	int fd = new_file("file", 0);
	long written;

	for (written = 0; written < size; written += SMALL)
		if (write(fd, block, SMALL) != SMALL)
			cannot("write");
	return fd;
}

static char *map(int fd, int flags)
{
	char *area = mmap(NULL, BIG, PROT_READ | PROT_WRITE, flags, fd, 0);

	if (area == MAP_FAILED)
		cannot("mmap");
	return area;
}

static double microseconds(void)
{
	struct timespec now;

	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
	return now.tv_sec * 1e6 + now.tv_nsec / 1e3;
}

/* The shortest of RUNS runs of WHAT(FD), in microseconds. */
static double duration(void (*what)(int), int fd)
{
	double least = 1e30, from, took;
	int i;

	for (i = 0; i < RUNS; i++) {
		from = microseconds();
		what(fd);
		took = microseconds() - from;
		if (took < least)
			least = took;
	}
	return least;
}

static enum verdict confirmed_if_twice_as_fast(double fast, double slow)
{
	if (2 * fast < slow)
		return CONFIRMED;
	return 2 * slow < fast ? REFUTED : DEPENDS;
}

static void touch(const char *area, long size)
{
	long i, sum = 0;

	for (i = 0; i < size; i += BLOCK)
		sum += area[i];
	result = sum;
}

static long page_faults(void)
{
	struct rusage usage;

	getrusage(RUSAGE_SELF, &usage);
	return usage.ru_minflt + usage.ru_majflt;
}

static enum verdict c135(void)
{
	char *area = map(cached_file(BIG), MAP_SHARED);
	long start = page_faults(), first, second;

	touch(area, BIG);
	first = page_faults() - start;
	touch(area, BIG);
	second = page_faults() - start - first;
	saw("%ld pages: %ld page faults in the first pass (neighbours are mapped as well), %ld in the second",
	    BIG / sysconf(_SC_PAGESIZE), first, second);
	return confirmed_if(first > 0 && second == 0);
}

struct scattered {
	int fd;
	char *area;
};

static void store_scattered(void *arg)
{
	struct scattered *file = arg;
	int i;

	for (i = 0; i < 1000; i++)
		((volatile char *)file->area)[i * 7919L % BIG] = 's';
}

static void write_scattered(void *arg)
{
	struct scattered *file = arg;
	int i;

	for (i = 0; i < 1000; i++)
		if (pwrite(file->fd, "w", 1, i * 7919L % BIG) != 1)
			cannot("pwrite");
}

static enum verdict c136(void)
{
	struct scattered file = { .fd = cached_file(BIG) };
	long mapped, written;

	file.area = map(file.fd, MAP_SHARED);
	mapped = system_calls(store_scattered, &file);
	written = system_calls(write_scattered, &file);
	saw("1000 bytes stored through the mapping: %ld system calls; with pwrite: %ld", mapped, written);
	return confirmed_if(mapped == 0 && written == 1000);
}

static char *everything; /* the mapping that random_in_memory() looks into */

static long some_block(unsigned *seed)
{
	*seed = *seed * 1103515245 + 12345;
	return (*seed >> 8) % (BIG / BLOCK) * BLOCK;
}

static void random_by_pread(int fd)
{
	char block[BLOCK];
	unsigned seed = 1;
	int i;

	for (i = 0; i < ACCESSES; i++) {
		if (pread(fd, block, BLOCK, some_block(&seed)) != BLOCK)
			cannot("pread");
		result = block[0];
	}
}

static void random_in_memory(int fd)
{
	char block[BLOCK];
	unsigned seed = 1;
	int i;

	(void)fd;
	for (i = 0; i < ACCESSES; i++) {
		memcpy(block, everything + some_block(&seed), BLOCK);
		result = block[0];
	}
}

static enum verdict c137(void)
{
	int fd = cached_file(BIG);
	double by_pread, in_memory;

	everything = map(fd, MAP_SHARED);
	touch(everything, BIG);
	by_pread = duration(random_by_pread, fd);
	in_memory = duration(random_in_memory, fd);
	saw("%d bytes anywhere in a cached file: pread %.0f ns, mapped memory %.0f ns", BLOCK,
	    1000 * by_pread / ACCESSES, 1000 * in_memory / ACCESSES);
	return confirmed_if_twice_as_fast(in_memory, by_pread);
}

/* The buffer is fresh memory each time, which malloc() does not promise. */
static void pass_with_read(int fd, long size)
{
	char *buffer = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	long got;

	if (buffer == MAP_FAILED || lseek(fd, 0, SEEK_SET) == -1)
		cannot("a buffer and a start");
	while ((got = read(fd, buffer, size)) > 0)
		touch(buffer, got);
	munmap(buffer, size);
}

static void pass_with_small_buffer(int fd)
{
	pass_with_read(fd, BLOCK);
}

static void pass_with_64k_buffer(int fd)
{
	pass_with_read(fd, 64 * 1024);
}

static void pass_with_big_buffer(int fd)
{
	pass_with_read(fd, BIG);
}

static void pass_in_mapping(int fd, int flags)
{
	char *area = map(fd, flags);

	touch(area, BIG);
	munmap(area, BIG);
}

static void pass_in_shared_mapping(int fd)
{
	pass_in_mapping(fd, MAP_SHARED);
}

static void pass_in_private_mapping(int fd)
{
	pass_in_mapping(fd, MAP_PRIVATE);
}

static enum verdict c138(void)
{
	int fd = cached_file(BIG);
	double small = duration(pass_with_small_buffer, fd), large = duration(pass_with_64k_buffer, fd);
	double mapped = duration(pass_in_shared_mapping, fd);

	saw("one pass over a cached file of %d MiB: read() by %d bytes %.1f ms, by 64 KiB %.1f ms, mapped "
	    "%.1f ms",
	    BIG >> 20, BLOCK, small / 1000, large / 1000, mapped / 1000);
	if (2 * large < mapped && 2 * small < mapped)
		return CONFIRMED;
	return 2 * mapped < large && 2 * mapped < small ? REFUTED : DEPENDS;
}

static void small_file_read(int unused)
{
	char buffer[SMALL];
	int i, fd;

	(void)unused;
	for (i = 0; i < 1000; i++) {
		if ((fd = open("file", O_RDONLY)) == -1 || read(fd, buffer, SMALL) != SMALL)
			cannot("a small file");
		result = buffer[i];
		close(fd);
	}
}

static void small_file_mapped(int unused)
{
	char *area;
	int i, fd;

	(void)unused;
	for (i = 0; i < 1000; i++) {
		if ((fd = open("file", O_RDONLY)) == -1)
			cannot("a small file");
		area = mmap(NULL, SMALL, PROT_READ, MAP_SHARED, fd, 0);
		if (area == MAP_FAILED)
			cannot("mmap");
		result = area[i];
		munmap(area, SMALL);
		close(fd);
	}
}

static enum verdict c139(void)
{
	int fd = cached_file(SMALL);
	double by_read = duration(small_file_read, fd), mapped = duration(small_file_mapped, fd);

	saw("open a file of %d bytes, fetch it, close: read() %.1f us, mmap %.1f us", SMALL, by_read / 1000,
	    mapped / 1000);
	return confirmed_if_twice_as_fast(by_read, mapped);
}

static enum verdict c140(void)
{
	int fd = cached_file(BIG);
	double mapped = duration(pass_in_private_mapping, fd), copied = duration(pass_with_big_buffer, fd);

	saw("one pass over a cached file of %d MiB: private mapping %.1f ms, read into one buffer %.1f ms",
	    BIG >> 20, mapped / 1000, copied / 1000);
	return confirmed_if_twice_as_fast(mapped, copied);
}

static void remove_segment(int id)
{
	shmctl(id, IPC_RMID, NULL);
}

static void fill(int unused)
{
	(void)unused;
	memset(everything, (int)result, BIG);
}

static enum verdict c141(void)
{
	int id = shmget(IPC_PRIVATE, BIG, IPC_CREAT | 0600);
	char *mapped = map(cached_file(BIG), MAP_SHARED), *segment;
	double of_mapping, of_segment;

	if (id == -1)
		cannot("shmget");
	afterwards(remove_segment, id);
	if ((segment = shmat(id, NULL, 0)) == (void *)-1)
		cannot("shmat");
	everything = mapped;
	of_mapping = duration(fill, 0);
	everything = segment;
	of_segment = duration(fill, 0);
	saw("%d MiB stored in memory that is there: mapped file %.1f GB/s, System V segment %.1f GB/s",
	    BIG >> 20, BIG / of_mapping / 1000, BIG / of_segment / 1000);
	return confirmed_if(2 * of_mapping < of_segment);
}

static const struct claim claims[] = {
	{ "C135", "9", "The first access to a mapped page costs a page fault, later ones do not", CONFIRMED,
	  c135 },
	{ "C136", "9", "Once the file is mapped no read(), write() or lseek() is needed", CONFIRMED, c136 },
	{ "C137", "9", "For frequent access here and there a mapping beats read()", CONFIRMED, c137 },
	{ "C138", "9", "For access from start to end read() and write() do better", DEPENDS, c138 },
	{ "C139", "9", "For a small file that is read once read() is cheaper", CONFIRMED, c139 },
	{ "C140", "9", "A private mapping is still faster than reading the whole file into a buffer",
	  CONFIRMED, c140 },
	{ "C141", "9", "Mapped memory is the fastest, System V shared memory comes second", REFUTED, c141 },
};

int main(int argc, char *argv[])
{
	return try_claims(argc, argv, claims, sizeof claims / sizeof *claims);
}
