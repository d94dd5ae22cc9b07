/*
 * fifo.c - what the notes say about FIFOs, tried. The FIFO of each experiment is "fifo", in a directory of
 * its own.
 */
#define _GNU_SOURCE
#include "claims.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

static void make_fifo(void)
{
	if (mkfifo("fifo", 0600) == -1)
		cannot("mkfifo");
}

static int open_fifo(int flags)
{
	int fd = open("fifo", flags);

	if (fd == -1)
		cannot("open the FIFO");
	return fd;
}

/* Both ends of the FIFO in one process: a non-blocking reader waits for nobody, and then a writer need not.
 */
static void open_ends(int fds[2])
{
	fds[0] = open_fifo(O_RDONLY | O_NONBLOCK);
	fds[1] = open_fifo(O_WRONLY);
	fcntl(fds[0], F_SETFL, 0);
}

static enum verdict c172(void)
{
	struct stat status;
	int first, second;

	umask(022);
	first = mkfifo("fifo", 0666);
	if (first == -1 || stat("fifo", &status) == -1)
		cannot("mkfifo");
	saw("mkfifo 0666 under umask 022: mode 0%o", (unsigned)(status.st_mode & 07777));
	second = mkfifo("fifo", 0666);
	saw("once more: %s", outcome(second));
	return confirmed_if((status.st_mode & 07777) == 0644 && second == -1 && errno == EEXIST);
}

static void open_for_both(void *arg)
{
	(void)arg;
	_exit(open("fifo", O_RDWR) == -1 ? errno : 0);
}

static enum verdict c173(void)
{
	char text[10] = "";
	int opener, fd, got;

	make_fifo();
	opener = start(open_for_both, NULL);
	if (is_asleep(opener) || status_of(opener) != 0) {
		saw("open(O_RDWR) blocks or fails");
		return CONFIRMED;
	}
	fd = open_fifo(O_RDWR);
	if (write(fd, "self", 4) != 4)
		cannot("write");
	got = (int)read(fd, text, sizeof text);
	saw("open(O_RDWR) returned at once without a peer; wrote 4 bytes, read %d back", got);
	return confirmed_if(got != 4);
}

static void serve(void *arg)
{
	char text[10];
	int fd = open("fifo", *(int *)arg);

	while (read(fd, text, sizeof text) > 0)
		continue;
}

/* Does a server that opened the FIFO with FLAGS go on waiting when its client has written and closed? */
static int waits_for_more(int flags)
{
	int server = start(serve, &flags), fd = open_fifo(O_WRONLY), waits;

	if (write(fd, "hello", 5) != 5)
		cannot("write");
	close(fd);
	waits = is_asleep(server);
	kill(server, SIGKILL);
	status_of(server);
	return waits;
}

static enum verdict c174(void)
{
	int both, reading_only;

	make_fifo();
	both = waits_for_more(O_RDWR);
	reading_only = waits_for_more(O_RDONLY);
	saw("server with O_RDWR: when the client has closed it %s", both ? "waits for the next" : "gets 0");
	saw("with O_RDONLY it %s", reading_only ? "waits" : "gets 0");
	return confirmed_if(both);
}

static void open_one_side(void *arg)
{
	_exit(open("fifo", *(int *)arg) == -1 ? errno : 0);
}

static enum verdict c175(void)
{
	static const char *const names[] = { "O_RDONLY", "O_WRONLY" };
	int flags[] = { O_RDONLY, O_WRONLY }, side, opener, blocks, fd, both = 1;

	make_fifo();
	for (side = 0; side < 2; side++) {
		opener = start(open_one_side, &flags[side]);
		blocks = is_asleep(opener);
		fd = open_fifo(flags[!side] | (side == 1 ? O_NONBLOCK : 0));
		saw("open(%s) alone: %s; the other side opened: %s", names[side],
		    blocks ? "sleeps" : "returns", status_of(opener) == 0 ? "returns" : "fails");
		close(fd);
		both = both && blocks;
	}
	return confirmed_if(both);
}

static void on_alarm(int sig)
{
	(void)sig;
}

static void open_with_alarm(void *arg)
{
	struct sigaction action = { .sa_handler = on_alarm }; /* no SA_RESTART: open() is to return */

	sigaction(SIGALRM, &action, NULL);
	open_one_side(arg);
}

static enum verdict c176(void)
{
	int flags = O_WRONLY, server, hangs, status, at_once, error;

	make_fifo();
	server = start(open_with_alarm, &flags);
	hangs = is_asleep(server);
	kill(server, SIGALRM);
	status = status_of(server);
	errno = WEXITSTATUS(status);
	saw("open(O_WRONLY) that nobody reads: %s; after SIGALRM: %s", hangs ? "sleeps" : "returns",
	    outcome(status == 0 ? 0 : -1));
	at_once = open("fifo", O_WRONLY | O_NONBLOCK);
	error = errno;
	saw("with O_NONBLOCK: %s", outcome(at_once));
	return confirmed_if(hangs && WEXITSTATUS(status) == EINTR && at_once == -1 && error == ENXIO);
}

static enum verdict c177(void)
{
	int flags = O_WRONLY, early, error, client, waits;

	early = open("fifo", flags);
	error = errno;
	saw("client before mkfifo: %s", outcome(early));
	make_fifo();
	client = start(open_one_side, &flags);
	waits = is_asleep(client);
	saw("after mkfifo, the server not there yet: %s", waits ? "waits for it" : "does not wait");
	return confirmed_if(early == -1 && error == ENOENT && waits);
}

static enum verdict c178(void)
{
	char text[20] = "";
	int fd, got;

	make_fifo();
	if (system("printf hello >fifo &") != 0) /* an orphan as soon as the shell has ended */
		cannot("system");
	fd = open_fifo(O_RDONLY);
	got = (int)read(fd, text, sizeof text);
	saw("a command that knew only the name wrote %d bytes to us", got);
	return confirmed_if(got == 5);
}

static void pipe_ends(int fds[2])
{
	if (pipe(fds) == -1)
		cannot("pipe");
}

struct behaviour {
	int capacity, is_fifo, got, got_at_end, killed;
};

static void write_one(void *arg)
{
	_exit(write(*(int *)arg, "x", 1) == 1 ? 0 : 1);
}

static struct behaviour behaviour_of(void (*get_ends)(int fds[2]))
{
	struct behaviour seen;
	struct stat status;
	char text[10];
	int fds[2];

	get_ends(fds);
	seen.capacity = fcntl(fds[0], F_GETPIPE_SZ);
	seen.is_fifo = fstat(fds[0], &status) == 0 && S_ISFIFO(status.st_mode);
	if (write(fds[1], "abc", 3) != 3)
		cannot("write");
	seen.got = (int)read(fds[0], text, sizeof text);
	close(fds[1]);
	seen.got_at_end = (int)read(fds[0], text, sizeof text);
	close(fds[0]);
	get_ends(fds);
	close(fds[0]);
	seen.killed = killed_by(child_status(write_one, &fds[1]), SIGPIPE);
	return seen;
}

static enum verdict c179(void)
{
	struct behaviour of_pipe, of_fifo;

	make_fifo();
	of_pipe = behaviour_of(pipe_ends);
	of_fifo = behaviour_of(open_ends);
	saw("pipe/FIFO: capacity %d/%d, S_ISFIFO %d/%d, read after the last close %d/%d", of_pipe.capacity,
	    of_fifo.capacity, of_pipe.is_fifo, of_fifo.is_fifo, of_pipe.got_at_end, of_fifo.got_at_end);
	saw("a writer without a reader is killed by SIGPIPE: %s/%s", of_pipe.killed ? "yes" : "no",
	    of_fifo.killed ? "yes" : "no");
	return confirmed_if(memcmp(&of_pipe, &of_fifo, sizeof of_pipe) == 0);
}

static void print_to_it(void *arg)
{
	FILE *out = fopen("fifo", "w");

	(void)arg;
	if (out == NULL || fputs("stdio\n", out) == EOF || fclose(out) == EOF)
		_exit(1);
}

static enum verdict c180(void)
{
	char line[20] = "";
	FILE *in;

	make_fifo();
	start(print_to_it, NULL);
	if ((in = fopen("fifo", "r")) != NULL && fgets(line, sizeof line, in) == NULL)
		cannot("fgets");
	saw("fopen \"r\" and fopen \"w\" carried %zu bytes", strlen(line));
	return confirmed_if(strcmp(line, "stdio\n") == 0);
}

static enum verdict c181(void)
{
	char text[10];
	int fds[2], got, by_name, error;

	make_fifo();
	open_ends(fds);
	if (unlink("fifo") == -1 || write(fds[1], "still", 5) != 5)
		cannot("unlink, write");
	got = (int)read(fds[0], text, sizeof text);
	by_name = open("fifo", O_RDONLY | O_NONBLOCK);
	error = errno;
	saw("after unlink: open by name %s; through the open descriptors went %d bytes", outcome(by_name),
	    got);
	return confirmed_if(got == 5 && by_name == -1 && error == ENOENT);
}

static enum verdict c182(void)
{
	char text[10];
	int fds[2], exists, got;

	make_fifo();
	open_ends(fds);
	if (write(fds[1], "data", 4) != 4)
		cannot("write");
	close(fds[0]);
	close(fds[1]);
	exists = access("fifo", F_OK) == 0;
	open_ends(fds);
	fcntl(fds[0], F_SETFL, O_NONBLOCK);
	got = (int)read(fds[0], text, sizeof text);
	saw("4 bytes unread, all descriptors closed: the name %s, read after reopening gives %s",
	    exists ? "is still there" : "is gone", outcome(got));
	return confirmed_if(exists && got <= 0);
}

static const struct claim claims[] = {
	{ "C172", "6", "mkfifo() makes a FIFO with the mode given, and fails if the name exists", CONFIRMED,
	  c172 },
	{ "C173", "6", "A FIFO cannot be opened for reading and writing at the same time", REFUTED, c173 },
	{ "C174", "6", "A server may open its FIFO with O_RDWR and read from it", CONFIRMED, c174 },
	{ "C175", "6", "Opening one side of a FIFO blocks until the other side is opened", CONFIRMED, c175 },
	{ "C176", "6", "A client that never opens its FIFO hangs the server in open(); a timeout helps",
	  CONFIRMED, c176 },
	{ "C177", "6", "The server has to start first, because it makes the FIFO", CONFIRMED, c177 },
	{ "C178", "6", "Any two processes can use a FIFO", CONFIRMED, c178 },
	{ "C179", "6", "Apart from how they are made and opened, pipes and FIFOs behave alike", CONFIRMED,
	  c179 },
	{ "C180", "6", "A FIFO can be opened with fopen(), too", CONFIRMED, c180 },
	{ "C181", "6", "unlink() removes the name of a FIFO; open descriptors go on working", CONFIRMED,
	  c181 },
	{ "C182", "6", "The name of a FIFO stays until unlink(), its data only while somebody has it open",
	  CONFIRMED, c182 },
};

int main(int argc, char *argv[])
{
	return try_claims(argc, argv, claims, sizeof claims / sizeof *claims);
}
