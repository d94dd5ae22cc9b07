/*
 * pipe.c - what the notes say about pipes, tried.
 *
 * Sizes are taken from the system, so that it holds where a page is not 4096 bytes.
 */
#define _GNU_SOURCE
#include "claims.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/vfs.h>
#include <sys/wait.h>
#include <unistd.h>

static char block[1 << 20]; /* something to write, somewhere to read to */

static void make_pipe(int fds[2], int flags)
{
	if (pipe2(fds, flags) == -1)
		cannot("pipe2");
}

static int page_size(void)
{
	return (int)sysconf(_SC_PAGESIZE);
}

static int capacity_of(int fd)
{
	return fcntl(fd, F_GETPIPE_SZ);
}

/* The bytes in the pipe that nobody has read yet. */
static int queued(int fd)
{
	int bytes;

	if (ioctl(fd, FIONREAD, &bytes) == -1)
		cannot("ioctl FIONREAD");
	return bytes;
}

/* How much a non-blocking pipe takes in writes of SIZE bytes each. */
static int fill(int fd, int size)
{
	ssize_t n;
	int sum = 0;

	while ((n = write(fd, block, size)) > 0)
		sum += n;
	return sum;
}

static int is_eagain(ssize_t result)
{
	return result == -1 && errno == EAGAIN;
}

static void write_forever(void *arg)
{
	int *fds = arg;

	while (write(fds[1], block, page_size()) > 0)
		continue;
}

static void read_one(void *arg)
{
	int *fds = arg;
	char byte = 0;

	_exit(read(fds[0], &byte, 1) == 1 ? byte : 100);
}

static enum verdict c143(void)
{
	int fds[2], to_read_end, from_write_end;
	char byte = 'x';

	make_pipe(fds, 0);
	to_read_end = (int)write(fds[0], &byte, 1);
	saw("write to fd[0]: %s", outcome(to_read_end));
	if (write(fds[1], &byte, 1) != 1)
		cannot("write");
	from_write_end = (int)read(fds[1], &byte, 1);
	saw("read from fd[1]: %s", outcome(from_write_end));
	return confirmed_if(to_read_end == -1 && from_write_end == -1);
}

/* Can bytes go both ways between these two? */
static int is_two_way(const int fds[2])
{
	char byte = 'x';

	return write(fds[0], &byte, 1) == 1 && read(fds[1], &byte, 1) == 1 && write(fds[1], &byte, 1) == 1 &&
	       read(fds[0], &byte, 1) == 1;
}

static enum verdict c144(void)
{
	int fds[2], sockets[2], pipe_is, sockets_are;

	make_pipe(fds, 0);
	if (socketpair(AF_UNIX, SOCK_STREAM, 0, sockets) == -1)
		cannot("socketpair");
	pipe_is = is_two_way(fds);
	sockets_are = is_two_way(sockets);
	saw("pipe(): %s", pipe_is ? "both ways" : "one way");
	saw("socketpair(): %s", sockets_are ? "both ways" : "one way");
	if (!sockets_are)
		return REFUTED;
	return pipe_is ? CONFIRMED : DEPENDS;
}

static enum verdict c145(void)
{
	struct stat status;
	struct statfs system;
	int fds[2], taken;

	make_pipe(fds, O_NONBLOCK);
	taken = fill(fds[1], page_size());
	if (fstat(fds[1], &status) == -1 || fstatfs(fds[1], &system) == -1)
		cannot("fstat");
	saw("%d bytes in the pipe: st_size %ld, st_blocks %ld", taken, (long)status.st_size,
	    (long)status.st_blocks);
	saw("it lies in the kernel's own pipefs: %s", system.f_type == 0x50495045 ? "yes" : "no");
	return confirmed_if(taken > 0 && status.st_size == 0 && status.st_blocks == 0);
}

static enum verdict c146(void)
{
	struct stat of_pipe, of_fifo, of_socket;
	int fds[2], sockets[2];

	make_pipe(fds, 0);
	if (mkfifo("fifo", 0600) == -1 || socketpair(AF_UNIX, SOCK_STREAM, 0, sockets) == -1)
		cannot("mkfifo, socketpair");
	if (fstat(fds[0], &of_pipe) == -1 || stat("fifo", &of_fifo) == -1 ||
	    fstat(sockets[0], &of_socket) == -1)
		cannot("fstat");
	saw("S_ISFIFO: pipe %d, FIFO %d, socket %d", S_ISFIFO(of_pipe.st_mode), S_ISFIFO(of_fifo.st_mode),
	    S_ISFIFO(of_socket.st_mode));
	return confirmed_if(S_ISFIFO(of_pipe.st_mode) && S_ISFIFO(of_fifo.st_mode) &&
			    !S_ISFIFO(of_socket.st_mode));
}

static enum verdict c147(void)
{
	int fds[2], writer, blocks, full, goes_on;

	make_pipe(fds, 0);
	writer = start(write_forever, fds);
	blocks = is_asleep(writer);
	full = queued(fds[0]);
	saw("%d bytes queued, the writer sleeps: %s", full, blocks ? "yes" : "no");
	if (read(fds[0], block, page_size()) != page_size())
		cannot("read");
	goes_on = is_asleep(writer) && queued(fds[0]) == full;
	saw("%d bytes read, filled up again to %d", page_size(), queued(fds[0]));
	return confirmed_if(blocks && goes_on);
}

static enum verdict c148(void)
{
	int fds[2], reader, blocks, status;

	make_pipe(fds, 0);
	reader = start(read_one, fds);
	blocks = is_asleep(reader);
	saw("pipe empty, write end open: the reader sleeps: %s", blocks ? "yes" : "no");
	if (write(fds[1], "\x07", 1) != 1)
		cannot("write");
	status = status_of(reader);
	saw("after one byte it %s", WEXITSTATUS(status) == 7 ? "went on with that byte" : "did not get it");
	return confirmed_if(blocks && WIFEXITED(status) && WEXITSTATUS(status) == 7);
}

static enum verdict c149(void)
{
	int fds[2], first, second;

	make_pipe(fds, 0);
	if (write(fds[1], "end", 3) != 3)
		cannot("write");
	close(fds[1]);
	first = (int)read(fds[0], block, 100);
	second = (int)read(fds[0], block, 100);
	saw("3 bytes left when the last write end was closed: read returned %d, then %d", first, second);
	make_pipe(fds, 0);
	saw("a reader that has a write end itself %s",
	    is_asleep(start(read_one, fds)) ? "sleeps on" : "gets 0 as well");
	return confirmed_if(first == 3 && second == 0);
}

static void write_to_nobody(void *arg)
{
	int fds[2];

	signal(SIGPIPE, *(int *)arg ? SIG_IGN : SIG_DFL);
	make_pipe(fds, 0);
	close(fds[0]);
	_exit(write(fds[1], "x", 1) == -1 ? errno : 0);
}

static enum verdict c150(void)
{
	int ignore = 0, status = child_status(write_to_nobody, &ignore);

	if (WIFSIGNALED(status))
		saw("the writer was killed by %s", signal_name(WTERMSIG(status)));
	else
		saw("the writer lived, write: errno %d", WEXITSTATUS(status));
	return confirmed_if(killed_by(status, SIGPIPE));
}

static volatile sig_atomic_t caught;

static void catch_it(int sig)
{
	caught = sig;
}

static enum verdict c151(void)
{
	int fds[2], ignore = 1, ignored, with_handler;

	ignored = child_status(write_to_nobody, &ignore);
	saw("SIGPIPE ignored: write gives %s", ignored == EPIPE << 8 ? "EPIPE" : "something else");
	signal(SIGPIPE, catch_it);
	make_pipe(fds, 0);
	close(fds[0]);
	with_handler = (int)write(fds[1], "x", 1);
	saw("caught: the handler saw %s, then write gives %s", signal_name(caught), outcome(with_handler));
	return confirmed_if(ignored == EPIPE << 8 && caught == SIGPIPE && with_handler == -1 &&
			    errno == EPIPE);
}

static enum verdict c152(void)
{
	int fds[2], got, packets[2];

	make_pipe(fds, 0);
	if (write(fds[1], "first", 5) != 5 || write(fds[1], "other", 5) != 5)
		cannot("write");
	got = (int)read(fds[0], block, 100);
	saw("two writes of 5 bytes, one read: %d bytes", got);
	if (pipe2(packets, O_DIRECT) == 0 && write(packets[1], "first", 5) == 5 &&
	    write(packets[1], "other", 5) == 5)
		saw("only pipe2(O_DIRECT) keeps the borders: %d", (int)read(packets[0], block, 100));
	return confirmed_if(got == 10);
}

static void write_and_wait(void *arg)
{
	int *fds = arg;

	if (write(fds[1], "abc", 3) == 3)
		pause();
}

static enum verdict c153(void)
{
	int fds[2], writer, first, second;

	make_pipe(fds, 0);
	writer = start(write_and_wait, fds);
	close(fds[1]);
	is_asleep(writer);
	kill(writer, SIGKILL);
	status_of(writer);
	first = (int)read(fds[0], block, 100);
	second = (int)read(fds[0], block, 100);
	saw("the only writer was killed by SIGKILL: its last %d bytes came, then read returned %d", first,
	    second);
	return confirmed_if(first == 3 && second == 0);
}

/* Send a descriptor over a UNIX socket, or receive one: the control message that does it has room for one. */
static int pass_descriptor(int socket, int fd)
{
	union {
		struct cmsghdr header;
		char room[CMSG_SPACE(sizeof(int))];
	} control = { .room = { 0 } };
	struct iovec data = { .iov_base = block, .iov_len = 1 };
	struct msghdr message = { .msg_iov = &data,
				  .msg_iovlen = 1,
				  .msg_control = control.room,
				  .msg_controllen = sizeof control.room };

	if (fd == -1) {
		if (recvmsg(socket, &message, 0) == 1)
			memcpy(&fd, CMSG_DATA(&control.header), sizeof fd);
		return fd;
	}
	control.header.cmsg_level = SOL_SOCKET;
	control.header.cmsg_type = SCM_RIGHTS;
	control.header.cmsg_len = CMSG_LEN(sizeof fd);
	memcpy(CMSG_DATA(&control.header), &fd, sizeof fd);
	return (int)sendmsg(socket, &message, 0);
}

static void write_to_what_comes(void *arg)
{
	int *sockets = arg;

	_exit(write(pass_descriptor(sockets[1], -1), "passed", 6) == 6 ? 0 : 1);
}

static enum verdict c154(void)
{
	int fds[2], sockets[2], stranger, got = 0;

	if (socketpair(AF_UNIX, SOCK_STREAM, 0, sockets) == -1)
		cannot("socketpair");
	stranger = start(write_to_what_comes, sockets); /* started before there is a pipe: it inherits none */
	make_pipe(fds, 0);
	if (pass_descriptor(sockets[0], fds[1]) != 1)
		cannot("sendmsg");
	close(fds[1]);
	if (status_of(stranger) == 0)
		got = (int)read(fds[0], block, 100);
	saw("a process that inherited no end of the pipe got one over a UNIX socket (SCM_RIGHTS) and wrote "
	    "%d bytes",
	    got);
	return confirmed_if(got != 6);
}

static enum verdict c155(void)
{
	char answer[100];
	int shell_pid, left, right;

	shell("echo $$; sh -c 'echo $PPID >left' | sh -c 'echo $PPID >right'; cat left right", answer,
	      sizeof answer);
	if (sscanf(answer, "%d %d %d", &shell_pid, &left, &right) != 3)
		return untested("the shell answered: %s", answer);
	saw("the parent of the left command is %s", left == shell_pid ? "the shell" : "another process");
	saw("that of the right command is %s", right == shell_pid ? "the shell" : "another process");
	return confirmed_if(left == shell_pid && right == shell_pid);
}

static enum verdict c156(void)
{
	char answer[200];
	int bytes, count;

	if (shell("bash -c 'ulimit -a' | grep 'pipe size'", answer, sizeof answer) != 0)
		return untested("needs bash");
	if (sscanf(answer, "pipe size (%d bytes, -p) %d", &bytes, &count) != 2)
		return untested("bash answered: %s", answer);
	saw("ulimit -a in bash: %s", answer);
	return confirmed_if(bytes == 512 && count == 8);
}

static enum verdict c157(void)
{
	char answer[100];
	int fds[2], units, fresh, grown;

	if (shell("bash -c 'ulimit -p'", answer, sizeof answer) != 0 || sscanf(answer, "%d", &units) != 1)
		return untested("needs bash");
	make_pipe(fds, O_NONBLOCK);
	fresh = capacity_of(fds[0]);
	grown = fcntl(fds[0], F_SETPIPE_SZ, 2 * fresh);
	saw("%d x 512 = %d, PIPE_BUF is %ld", units, units * 512, fpathconf(fds[0], _PC_PIPE_BUF));
	saw("a new pipe has %d bytes", fresh);
	saw("fcntl can make it %d", grown);
	return confirmed_if(fresh == units * 512 && grown <= 65536);
}

static enum verdict c158(void)
{
	int fds[2], taken;

	make_pipe(fds, O_NONBLOCK);
	taken = fill(fds[1], 1);
	saw("filled byte by byte: %d, F_GETPIPE_SZ %d", taken, capacity_of(fds[0]));
	return confirmed_if(taken <= 65526);
}

/* What a new pipe of CAPACITY bytes (0: as it comes) takes in writes of SIZE bytes. */
static int taken_in_writes_of(int size, int capacity)
{
	int fds[2], taken;

	make_pipe(fds, O_NONBLOCK);
	if (capacity != 0 && fcntl(fds[1], F_SETPIPE_SZ, capacity) == -1)
		cannot("fcntl F_SETPIPE_SZ");
	taken = fill(fds[1], size);
	close(fds[0]);
	close(fds[1]);
	return taken;
}

static enum verdict c159(void)
{
	int page = page_size(), bytes = taken_in_writes_of(1, 0), pages = taken_in_writes_of(page, 0);
	int halves = taken_in_writes_of(page / 2 + 1, 0), small = taken_in_writes_of(page, page);

	saw("in writes of 1 byte %d, of %d bytes %d, of %d bytes %d", bytes, page, pages, page / 2 + 1,
	    halves);
	saw("after F_SETPIPE_SZ of %d: %d", page, small);
	return weigh(bytes == 65536 || pages == 65536, halves != 65536 || small != 65536);
}

static enum verdict c160(void)
{
	int fds[2], got;

	make_pipe(fds, 0);
	if (write(fds[1], "hello", 5) != 5)
		cannot("write");
	got = (int)read(fds[0], block, 1000);
	saw("5 bytes there, 1000 asked for: read returned %d", got);
	return confirmed_if(got == 5);
}

static enum verdict c161(void)
{
	int fds[2];
	long of_pipe, of_directory;

	make_pipe(fds, 0);
	of_pipe = fpathconf(fds[0], _PC_PIPE_BUF);
	of_directory = pathconf(".", _PC_PIPE_BUF);
	saw("fpathconf on a pipe %ld, pathconf on a directory %ld, PIPE_BUF %d, _POSIX_PIPE_BUF %d", of_pipe,
	    of_directory, PIPE_BUF, _POSIX_PIPE_BUF);
	return confirmed_if(of_pipe >= 1024 && of_pipe <= 5120 && of_directory >= 512 &&
			    _POSIX_PIPE_BUF == 512);
}

struct message {
	int fd, size;
};

static void write_message(void *arg)
{
	struct message *message = arg;

	memset(block, 'M', message->size);
	_exit(write(message->fd, block, message->size) == message->size ? 0 : 1);
}

/*
 * How many bytes of a message of SIZE bytes are in the pipe when another process writes a byte. The pipe is
 * one page and has room for the byte, but not for the message: the writer of the message sleeps.
 */
static int bytes_before_the_other(int size)
{
	int fds[2], head = page_size() - PIPE_BUF + 100, writer, before = 0, i, got;

	make_pipe(fds, O_NONBLOCK);
	if (fcntl(fds[1], F_SETPIPE_SZ, page_size()) == -1 || write(fds[1], block, head) != head)
		cannot("a pipe of one page");
	fcntl(fds[1], F_SETFL, 0);
	writer = start(write_message, &(struct message){ fds[1], size });
	is_asleep(writer);
	if (write(fds[1], "o", 1) != 1)
		cannot("write");
	got = (int)read(fds[0], block, page_size());
	for (i = head; i < got && block[i] == 'M'; i++)
		before++;
	kill(writer, SIGKILL);
	status_of(writer);
	return before;
}

static enum verdict c162(void)
{
	int small = PIPE_BUF, large = page_size() + PIPE_BUF / 2;
	int of_small = bytes_before_the_other(small), of_large = bytes_before_the_other(large);

	saw("without room for all: %d bytes of a write of %d (PIPE_BUF) went in before another writer's byte",
	    of_small, small);
	saw("%d bytes of a write of %d", of_large, large);
	return confirmed_if((of_small == 0 || of_small == small) && of_large > 0 && of_large < large);
}

static enum verdict c163(void)
{
	int fds[2], room = 100, full, result;

	make_pipe(fds, O_NONBLOCK);
	full = capacity_of(fds[1]) - room;
	if (write(fds[1], block, full) != full)
		cannot("write");
	result = (int)write(fds[1], block, 2 * room);
	saw("%d bytes of room, write of %d: %s, %d bytes written", room, 2 * room, outcome(result),
	    queued(fds[0]) - full);
	return confirmed_if(is_eagain(result) && queued(fds[0]) == full);
}

static enum verdict c164(void)
{
	struct pollfd room = { .events = POLLOUT };
	int fds[2], page = page_size(), free_bytes, before, after;

	make_pipe(fds, O_NONBLOCK);
	fill(fds[1], page);
	if (read(fds[0], block, page - 1) != page - 1)
		cannot("read");
	free_bytes = capacity_of(fds[0]) - queued(fds[0]);
	room.fd = fds[1];
	before = (int)write(fds[1], "x", 1);
	saw("%d of %d bytes free: a write of 1 byte gives %s, poll says writable: %s", free_bytes,
	    capacity_of(fds[0]), outcome(before), poll(&room, 1, 0) == 1 ? "yes" : "no");
	if (read(fds[0], block, 1) != 1)
		cannot("read");
	after = (int)write(fds[1], "x", 1);
	saw("one more byte read, a page empty: %s", outcome(after));
	return confirmed_if(before == 1);
}

static enum verdict c165(void)
{
	int fds[2], page = page_size(), size = page + PIPE_BUF, fits, full;

	make_pipe(fds, O_NONBLOCK);
	fill(fds[1], page);
	if (read(fds[0], block, page) != page)
		cannot("read");
	fits = (int)write(fds[1], block, size);
	saw("room for %d bytes, write of %d: %d written", page, size, fits);
	full = (int)write(fds[1], block, size);
	saw("again, on the full pipe: %s", outcome(full));
	return confirmed_if(fits == page && is_eagain(full));
}

static enum verdict c166(void)
{
	int fds[2], result;

	make_pipe(fds, O_NONBLOCK);
	result = (int)read(fds[0], block, 1);
	saw("pipe2(O_NONBLOCK), no fcntl: read from the empty pipe gives %s", outcome(result));
	return confirmed_if(!is_eagain(result));
}

static enum verdict c167(void)
{
	int fds[2], plain, careful;

	make_pipe(fds, 0);
	fcntl(fds[1], F_SETFL, O_APPEND);
	fcntl(fds[1], F_SETFL, fcntl(fds[1], F_GETFL) | O_NONBLOCK);
	careful = fcntl(fds[1], F_GETFL) & O_APPEND;
	fcntl(fds[1], F_SETFL, O_NONBLOCK);
	plain = fcntl(fds[1], F_GETFL) & O_APPEND;
	saw("O_NONBLOCK added to what F_GETFL gave: O_APPEND %s", careful ? "kept" : "lost");
	saw("set alone: O_APPEND %s", plain ? "kept" : "lost");
	return confirmed_if(careful && !plain);
}

static enum verdict c168(void)
{
	static const char *const editions[] = { "199009", "200809" };
	char command[200], answer[100];
	int i, limit[2];

	for (i = 0; i < 2; i++) {
		snprintf(command, sizeof command,
			 "printf '#include <limits.h>\\n_POSIX_OPEN_MAX\\n' |"
			 " ${CC:-cc} -std=c99 -D_POSIX_C_SOURCE=%sL -E -P - | tail -n 1",
			 editions[i]);
		if (shell(command, answer, sizeof answer) != 0 || sscanf(answer, "%d", &limit[i]) != 1)
			return untested("needs a C compiler: %s", answer);
		saw("_POSIX_OPEN_MAX of the edition %s: %d", editions[i], limit[i]);
	}
	saw("sysconf here: %ld", sysconf(_SC_OPEN_MAX));
	return weigh(limit[0] == 16 || limit[1] == 16, limit[0] != 16 || limit[1] != 16);
}

static enum verdict c169(void)
{
	struct rlimit limit = { .rlim_cur = 10, .rlim_max = 10 };
	char answer[20];
	long by_sysconf;
	int fd, highest = -1, in_shell, ends_in;

	shell("ulimit -n 9; ulimit -n", answer, sizeof answer);
	in_shell = atoi(answer);
	if (setrlimit(RLIMIT_NOFILE, &limit) == -1)
		cannot("setrlimit");
	by_sysconf = sysconf(_SC_OPEN_MAX);
	while ((fd = open("/dev/null", O_RDONLY)) != -1)
		highest = fd;
	ends_in = errno;
	saw("setrlimit to 10: sysconf says %ld, the highest descriptor is %d, the next open gives %s",
	    by_sysconf, highest, outcome(-1));
	saw("after ulimit -n 9 the shell says %d", in_shell);
	return confirmed_if(by_sysconf == 10 && highest < 10 && ends_in == EMFILE && in_shell == 9);
}

static enum verdict c170(void)
{
	char line[20] = "";
	FILE *from, *to, *both;
	int wrote = 0;

	if ((from = popen("echo out", "r")) != NULL && fgets(line, sizeof line, from) != NULL)
		saw("\"r\": read the command's output");
	if (from != NULL)
		pclose(from);
	if ((to = popen("read word && test $word = in", "w")) != NULL && fputs("in\n", to) != EOF)
		wrote = pclose(to) == 0;
	saw("\"w\": %s its input", wrote ? "wrote" : "could not write");
	both = popen("cat", "r+");
	saw("\"r+\": %s", outcome(both == NULL ? -1 : 0));
	return confirmed_if(strcmp(line, "out\n") == 0 && wrote && both == NULL);
}

static enum verdict c171(void)
{
	char answer[200], quoted[20];

	shell("echo a.txt is mentioned here >b.txt; echo >a.txt; ls -l | grep *.txt", answer, sizeof answer);
	shell("ls -l | grep -c '\\.txt$'", quoted, sizeof quoted);
	saw("a.txt and b.txt exist, it prints \"%s\": grep got the names as arguments", answer);
	saw("with a quoted pattern %d lines", atoi(quoted));
	return confirmed_if(strstr(answer, "a.txt") != NULL && strstr(answer, " b.txt") != NULL);
}

static const struct claim claims[] = {
	{ "C143", "1", "fd[0] of a pipe is for reading and fd[1] for writing; data goes one way", CONFIRMED,
	  c143 },
	{ "C144", "1", "On some systems a pipe is two-way; a pair made by socketpair() is", DEPENDS, c144 },
	{ "C145", "5", "What is in a pipe lies in memory and takes no disk space", CONFIRMED, c145 },
	{ "C146", "6", "S_ISFIFO is true for a pipe and for a FIFO", CONFIRMED, c146 },
	{ "C147", "1", "A writer blocks when the pipe is full, and goes on after a read", CONFIRMED, c147 },
	{ "C148", "2", "A reader of an empty pipe blocks as long as somebody may write", CONFIRMED, c148 },
	{ "C149", "3", "When the write end is closed, the reader gets 0 after the last byte", CONFIRMED,
	  c149 },
	{ "C150", "4", "Writing to a pipe that has no reader kills the writer with SIGPIPE", CONFIRMED,
	  c150 },
	{ "C151", "4", "If SIGPIPE is ignored or caught, write() fails with EPIPE", CONFIRMED, c151 },
	{ "C152", "2", "A pipe is a stream of bytes; it keeps no borders between messages", CONFIRMED, c152 },
	{ "C153", "3", "A pipe ends with the processes that use it", CONFIRMED, c153 },
	{ "C154", "6", "Only related processes can use a pipe", REFUTED, c154 },
	{ "C155", "1", "Both sides of a pipeline in the shell are children of the shell", CONFIRMED, c155 },
	{ "C156", "5", "ulimit -a shows a pipe size of 8 x 512 bytes, 4 KB", CONFIRMED, c156 },
	{ "C157", "5", "Those 4 KB are the size of a pipe, which can grow to 64 KB", REFUTED, c157 },
	{ "C158", "5", "A pipe holds at most 65526 bytes", REFUTED, c158 },
	{ "C159", "5", "The capacity of a pipe is 64 KB", DEPENDS, c159 },
	{ "C160", "2", "read() returns what is there, even if more was asked for", CONFIRMED, c160 },
	{ "C161", "5", "PIPE_BUF is at least 512, usually 1024 to 5120; pathconf() and fpathconf() tell it",
	  CONFIRMED, c161 },
	{ "C162", "5", "A write of at most PIPE_BUF bytes is atomic, a larger one is not", CONFIRMED, c162 },
	{ "C163", "5",
	  "A non-blocking write of at most PIPE_BUF bytes that do not fit writes nothing: EAGAIN", CONFIRMED,
	  c163 },
	{ "C164", "5", "If the pipe has room for the bytes of a write, they are all written", REFUTED, c164 },
	{ "C165", "5",
	  "A non-blocking write of more than PIPE_BUF bytes writes what fits; a full pipe gives EAGAIN",
	  CONFIRMED, c165 },
	{ "C166", "5", "Only fcntl() can make a pipe non-blocking", REFUTED, c166 },
	{ "C167", "5", "Setting a flag by fcntl() without reading the flags first clears the others",
	  CONFIRMED, c167 },
	{ "C168", "5", "POSIX demands that a process may have at least 16 files open", DEPENDS, c168 },
	{ "C169", "5", "sysconf() tells that limit; ulimit and setrlimit() change it", CONFIRMED, c169 },
	{ "C170", "1", "popen() connects to the output or to the input of a command, not both", CONFIRMED,
	  c170 },
	{ "C171", "1", "ls -l | grep *.txt lists the files whose names end in .txt", REFUTED, c171 },
};

int main(int argc, char *argv[])
{
	return try_claims(argc, argv, claims, sizeof claims / sizeof *claims);
}
