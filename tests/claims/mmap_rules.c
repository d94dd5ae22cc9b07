/* mmap_rules.c - what mmap(2), munmap(2) and the memory they give accept and refuse. */
#define _GNU_SOURCE
#include "claims.h"

#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

enum { READ = PROT_READ, READ_WRITE = PROT_READ | PROT_WRITE };

static long page;

/* A shared mapping of LENGTH bytes of FD, for reading and writing. */
static char *map(int fd, long length)
{
	char *area = mmap(NULL, length, READ_WRITE, MAP_SHARED, fd, 0);

	if (area == MAP_FAILED)
		cannot("mmap of %ld bytes", length);
	return area;
}

/* The address of PAGES pages in a row where nothing is mapped. */
static char *free_addresses(int pages)
{
	char *area = mmap(NULL, pages * page, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	if (area == MAP_FAILED || munmap(area, pages * page) == -1)
		cannot("%d pages of addresses", pages);
	return area;
}

static void map_at(char *address, int fd, int pages)
{
	if (mmap(address, pages * page, READ_WRITE, MAP_SHARED | MAP_FIXED, fd, 0) == MAP_FAILED)
		cannot("mmap at a given address");
}

static int reopened(const char *name, int mode)
{
	int fd = open(name, mode);

	if (fd == -1)
		cannot("%s", name);
	return fd;
}

static long size_of(int fd)
{
	struct stat info;

	if (fstat(fd, &info) == -1)
		cannot("fstat");
	return info.st_size;
}

/* The result of a mapping as outcome() wants it, and nothing kept. */
static long try_map(long length, int prot, int flags, int fd, long offset)
{
	void *area = mmap(NULL, length, prot, flags, fd, offset);

	return area == MAP_FAILED ? -1 : munmap(area, length);
}

static enum verdict c083(void)
{
	char *area = mmap(NULL, page, READ_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);

	saw("MAP_ANONYMOUS without a file: %s", outcome(area == MAP_FAILED ? -1 : 0));
	return confirmed_if(area == MAP_FAILED);
}

static enum verdict c084(void)
{
	int read_write = new_file("file", page), read_only = reopened("file", O_RDONLY);
	int weaker = try_map(page, READ, MAP_SHARED, read_write, 0);

	saw("opened O_RDWR, PROT_READ: %s", outcome(weaker));
	saw("opened O_RDONLY, PROT_READ|PROT_WRITE: shared %s",
	    outcome(try_map(page, READ_WRITE, MAP_SHARED, read_only, 0)));
	saw("private %s", outcome(try_map(page, READ_WRITE, MAP_PRIVATE, read_only, 0)));
	return confirmed_if(weaker == -1);
}

static enum verdict c085(void)
{
	char *area = mmap(NULL, page, READ_WRITE, MAP_SHARED, new_file("empty", 0), 0);

	saw("mmap of a page of an empty file: %s", outcome(area == MAP_FAILED ? -1 : 0));
	if (area != MAP_FAILED)
		saw("reading it: %s", signal_name(reading(area)));
	return confirmed_if(area == MAP_FAILED);
}

static enum verdict c086(void)
{
	int fd = new_file("empty", 0);
	long length = lseek(fd, 0, SEEK_END), result = try_map(length, READ_WRITE, MAP_SHARED, fd, 0);

	saw("mmap of %ld bytes: %s", length, outcome(result));
	return confirmed_if(result == -1);
}

static enum verdict c087(void)
{
	int fd = new_file("file", page), read_sig, write_sig;
	char *area = map(fd, page);

	close(fd);
	read_sig = reading(area);
	write_sig = writing(area);
	saw("descriptor closed: reading %s, writing %s", signal_name(read_sig), signal_name(write_sig));
	return confirmed_if(read_sig == 0 && write_sig == 0);
}

static enum verdict c088(void)
{
	char *area = map(new_file("mapped", page), page);
	int other = new_file("other", 0);
	long wrote, got;

	strcpy(area, "abc");
	wrote = write(other, area, 3);
	saw("write() from the mapping: %ld bytes", wrote);
	got = pread(other, area + 100, 3, 0);
	saw("read() into it: %ld bytes, \"%s\"", got, area + 100);
	return confirmed_if(wrote == -1 || got == -1);
}

static enum verdict c089(void)
{
	int fd = new_file("file", 100), sig;
	char byte, *area = map(fd, page);
	long got;

	sig = writing(area + 100);
	got = pread(fd, &byte, 1, 100);
	saw("stored behind the last of 100 bytes: %s, the file has %ld bytes, read() there returns %ld",
	    signal_name(sig), size_of(fd), got);
	return confirmed_if(sig == 0 && size_of(fd) == 100 && got == 0);
}

static enum verdict c090(void)
{
	char *area = mmap(NULL, 1000, READ_WRITE, MAP_SHARED, new_file("file", page), 0);

	saw("length 1000: %s", outcome(area == MAP_FAILED ? -1 : 0));
	if (area != MAP_FAILED)
		saw("writing byte %ld: %s", page - 1, signal_name(writing(area + page - 1)));
	return confirmed_if(area == MAP_FAILED);
}

static enum verdict c091(void)
{
	char *area = map(new_file("file", 4 * page), 4 * page);
	int result = munmap(area, 1);

	saw("munmap(area, 1): %s", outcome(result));
	saw("first page: %s, second: %s", signal_name(reading(area)), signal_name(reading(area + page)));
	saw("munmap(area + 1, page): %s", outcome(munmap(area + 1, page)));
	return confirmed_if(result == -1);
}

static enum verdict c092(void)
{
	char *area = free_addresses(3);
	int result, neighbour;

	map_at(area, new_file("mine", page), 1);
	map_at(area + page, new_file("neighbour", 2 * page), 2);
	result = munmap(area, 2 * page);
	saw("a page mapped, two unmapped: %s", outcome(result));
	neighbour = reading(area + page);
	saw("the neighbour's first page: %s, its second: %s", signal_name(neighbour),
	    signal_name(reading(area + 2 * page)));
	return confirmed_if(result == 0 && neighbour == 0);
}

static enum verdict c093(void)
{
	int fd = new_file("file", 2 * page);
	long odd = try_map(page, READ, MAP_SHARED, fd, 100), aligned;

	saw("offset 100: %s", outcome(odd));
	aligned = try_map(page, READ, MAP_SHARED, fd, page);
	saw("offset %ld: %s", page, outcome(aligned));
	return confirmed_if(odd == -1 && aligned == 0);
}

static enum verdict c094(void)
{
	void *area = mmap(NULL, 0, READ, MAP_SHARED, new_file("file", page), 0);

	saw("a mmap that fails returns %p, MAP_FAILED is %p; it is %s", area, MAP_FAILED,
	    area == NULL ? "NULL" : "not NULL");
	return confirmed_if(area == MAP_FAILED && area == (void *)-1);
}

static enum verdict c095(void)
{
	int fd = new_file("file", page);
	long neither = try_map(page, READ, 0, fd, 0);

	saw("neither: %s", outcome(neither));
	saw("both (on Linux the sum is MAP_SHARED_VALIDATE): %s",
	    outcome(try_map(page, READ, MAP_SHARED | MAP_PRIVATE, fd, 0)));
	return confirmed_if(neither == -1);
}

static enum verdict c096(void)
{
	int flags = MAP_SHARED | MAP_ANONYMOUS;
	long private = try_map(page, READ_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0), descriptor, offset;

	saw("MAP_PRIVATE|MAP_ANON: %s", outcome(private));
	descriptor = try_map(page, READ_WRITE, flags, 9999, 0);
	saw("descriptor 9999: %s", outcome(descriptor));
	offset = try_map(page, READ_WRITE, flags, -1, 77);
	saw("offset 77: %s", outcome(offset));
	return confirmed_if(private == -1 && descriptor == -1 && offset == 0);
}

static enum verdict c097(void)
{
	char *area = mmap(NULL, 16 * page, READ_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	long i, others = 0;

	if (area == MAP_FAILED)
		cannot("mmap");
	for (i = 0; i < 16 * page; i++)
		others += area[i] != 0;
	saw("%ld of %ld bytes are not 0", others, 16 * page);
	return confirmed_if(others == 0);
}

static void store_c(void *byte)
{
	*(char *)byte = 'c';
}

static enum verdict c098(void)
{
	int zero = reopened("/dev/zero", O_RDWR);
	char byte = 'x', *area = map(zero, page);
	long wrote = write(zero, "x", 1);

	child_status(store_c, area);
	if (read(zero, &byte, 1) != 1)
		cannot("read of /dev/zero");
	saw("read() after a write of %ld gives %d; after a child's store of 'c' the parent reads '%c'", wrote,
	    byte, *area);
	return confirmed_if(wrote == 1 && byte == 0 && *area == 'c');
}

static enum verdict c099(void)
{
	char *area = mmap(NULL, page, PROT_NONE, MAP_SHARED, new_file("file", page), 0);
	int sig;

	if (area == MAP_FAILED)
		cannot("mmap with PROT_NONE");
	sig = reading(area);
	saw("reading a PROT_NONE page: %s", signal_name(sig));
	return confirmed_if(sig != 0);
}

static enum verdict c100(void)
{
	long size = page + 904;
	char *area = map(new_file("file", size), 3 * page);
	int last = reading(area + size - 1), same_page = reading(area + size),
	    next_page = reading(area + 2 * page);

	saw("file of %ld bytes, mapping of %ld: byte %ld %s, byte %ld %s, byte %ld %s", size, 3 * page,
	    size - 1, signal_name(last), size, signal_name(same_page), 2 * page, signal_name(next_page));
	return confirmed_if(last == 0 && next_page == SIGBUS);
}

static enum verdict c101(void)
{
	char *area = free_addresses(4);
	int inside, outside;

	map_at(area, new_file("file", 3 * page), 3);
	inside = reading(area + 3 * page - 1);
	outside = reading(area + 3 * page);
	saw("last byte of the mapping: %s, the next one: %s", signal_name(inside), signal_name(outside));
	return confirmed_if(inside == 0 && outside == SIGSEGV);
}

static enum verdict c102(void)
{
	char *area = map(new_file("file", page), page);
	int before = reading(area), after;

	if (munmap(area, page) == -1)
		cannot("munmap");
	after = reading(area);
	saw("reading before munmap: %s, after: %s", signal_name(before), signal_name(after));
	return confirmed_if(before == 0 && after == SIGSEGV);
}

static enum verdict c103(void)
{
	int fd = new_file("file", 100), before, after;
	char *area = map(fd, 3 * page);

	before = reading(area + 2 * page);
	if (ftruncate(fd, 3 * page) == -1)
		cannot("ftruncate");
	after = reading(area + 2 * page);
	saw("byte %ld, file of 100 bytes: %s; grown to %ld under the mapping: %s", 2 * page,
	    signal_name(before), 3 * page, signal_name(after));
	return confirmed_if(before == SIGBUS && after == 0);
}

static enum verdict c104(void)
{
	int fd = new_file("file", 0), sig;
	long position = lseek(fd, 1024, SEEK_SET);

	sig = writing(map(fd, page));
	saw("lseek() to %ld: the file has %ld bytes, writing through a mapping: %s", position, size_of(fd),
	    signal_name(sig));
	return confirmed_if(size_of(fd) > 0);
}

static enum verdict c105(void)
{
	int by_write = new_file("written", 0), by_ftruncate = new_file("truncated", 0), sig, sig2;

	if (lseek(by_write, page - 1, SEEK_SET) == -1 || write(by_write, "", 1) != 1)
		cannot("lseek and write");
	if (ftruncate(by_ftruncate, page) == -1)
		cannot("ftruncate");
	sig = writing(map(by_write, page));
	sig2 = writing(map(by_ftruncate, page));
	saw("lseek and write of a byte: %ld bytes, mapping %s; ftruncate: %ld bytes, mapping %s",
	    size_of(by_write), signal_name(sig), size_of(by_ftruncate), signal_name(sig2));
	return confirmed_if(size_of(by_write) == page && size_of(by_ftruncate) == page && sig == 0 &&
			    sig2 == 0);
}

static enum verdict c106(void)
{
	saw("sysconf(_SC_PAGESIZE) is %ld", sysconf(_SC_PAGESIZE));
	return confirmed_if(sysconf(_SC_PAGESIZE) == 4096);
}

static enum verdict c107(void)
{
	int fd = new_file("file", page);
	char *area = map(fd, page);

	if (pwrite(fd, "F", 1, 0) != 1 || pwrite(fd, "L", 1, page - 1) != 1)
		cannot("pwrite");
	saw("lowest address '%c', highest '%c'", area[0], area[page - 1]);
	return confirmed_if(area[0] == 'F' && area[page - 1] == 'L');
}

static enum verdict c108(void)
{
	int terminal = posix_openpt(O_RDWR | O_NOCTTY), sockets[2], pipe_ends[2];
	long of_terminal, of_socket;

	if (terminal == -1 || socketpair(AF_UNIX, SOCK_STREAM, 0, sockets) == -1 || pipe(pipe_ends) == -1)
		cannot("a terminal, a socket and a pipe");
	of_terminal = try_map(page, READ_WRITE, MAP_SHARED, terminal, 0);
	saw("terminal: %s", outcome(of_terminal));
	of_socket = try_map(page, READ_WRITE, MAP_SHARED, sockets[0], 0);
	saw("socket: %s", outcome(of_socket));
	saw("pipe: %s", outcome(try_map(page, READ, MAP_SHARED, pipe_ends[0], 0)));
	return confirmed_if(of_terminal == -1 && of_socket == -1);
}

static const struct claim claims[] = {
	{ "C083", "9", "Without a file nothing can be mapped", REFUTED, c083 },
	{ "C084", "9", "The protection asked of mmap must allow at least what the file was opened for",
	  REFUTED, c084 },
	{ "C085", "9", "A file of size 0 cannot be mapped", REFUTED, c085 },
	{ "C086", "9", "A demonstration that maps as many bytes as the file has fails if the file is empty",
	  CONFIRMED, c086 },
	{ "C087", "9", "The descriptor may be closed once the file is mapped", CONFIRMED, c087 },
	{ "C088", "9", "Mapped memory must not be handed to write(), read() and the like", REFUTED, c088 },
	{ "C089", "9", "Through a mapping a file can be changed but not extended", CONFIRMED, c089 },
	{ "C090", "9", "The length given to mmap must be a multiple of the page size", REFUTED, c090 },
	{ "C091", "9", "The length given to munmap must be a multiple of the page size", REFUTED, c091 },
	{ "C092", "9", "It does no harm to unmap 8192 bytes of a mapping of 4096", REFUTED, c092 },
	{ "C093", "9", "The offset given to mmap must be a multiple of the page size", CONFIRMED, c093 },
	{ "C094", "9", "On failure mmap returns MAP_FAILED, (void *)-1, and not NULL", CONFIRMED, c094 },
	{ "C095", "9", "One of MAP_SHARED and MAP_PRIVATE has to be given", CONFIRMED, c095 },
	{ "C096", "9", "Anonymous mappings need MAP_SHARED and descriptor -1, while any offset will do",
	  REFUTED, c096 },
	{ "C097", "9", "Anonymous memory starts as zeros", CONFIRMED, c097 },
	{ "C098", "9",
	  "/dev/zero reads as zeros, swallows what is written and, mapped shared, is shared over fork",
	  CONFIRMED, c098 },
	{ "C099", "9", "A page with PROT_NONE cannot be accessed", CONFIRMED, c099 },
	{ "C100", "9", "An access inside the mapping but behind the end of the file raises SIGBUS", CONFIRMED,
	  c100 },
	{ "C101", "9", "An access outside the mapping raises SIGSEGV", CONFIRMED, c101 },
	{ "C102", "9", "An access after munmap raises SIGSEGV", CONFIRMED, c102 },
	{ "C103", "9", "More than the file holds can be mapped, and the file may grow under the mapping",
	  CONFIRMED, c103 },
	{ "C104", "9", "lseek past the end makes a file longer", REFUTED, c104 },
	{ "C105", "9", "A file is extended by lseek and the write of one byte, or by ftruncate", CONFIRMED,
	  c105 },
	{ "C106", "9", "sysconf(_SC_PAGESIZE) tells the page size, which is 4096", CONFIRMED, c106 },
	{ "C107", "9", "The start of the file lies at the low address, its end at the high one", CONFIRMED,
	  c107 },
	{ "C108", "9", "Terminals and sockets cannot be mapped", CONFIRMED, c108 },
};

int main(int argc, char *argv[])
{
	page = sysconf(_SC_PAGESIZE);
	return try_claims(argc, argv, claims, sizeof claims / sizeof *claims);
}
