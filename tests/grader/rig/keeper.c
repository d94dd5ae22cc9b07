/*
 * keeper.c - process 1 of the sandbox. It starts the programs, buries the dead, and lists what is left
 * behind.
 *
 * usage: keeper SOCKET UID      (run by the rig only: see stage.c)
 *
 * Being process 1 of its pid namespace it cannot be killed from inside, and everything in there dies with it.
 * It is asked over a SOCK_SEQPACKET socket, one packet a question, words separated by NULs:
 *
 *   start NAME ENV... -- PROGRAM ARG...     with descriptors: stdout, stderr, one to wait on, and perhaps stdin
 *   left                                    what there is now that was not there at the beginning
 *   file PATH MODE TEXT | fifo PATH MODE | directory PATH MODE | remove PATH | read PATH | stat PATH
| fifo PATH MODE | directory PATH MODE | remove PATH | read PATH
 */
#define _GNU_SOURCE
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <poll.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <termios.h>
#include <unistd.h>

enum { MAX_WORDS = 128, PACKET = 60000, MAX_FDS = 4 };

static int rig;		   /* the socket */
static uid_t run_as;	   /* the programs' user, 0: ours */
static char *at_the_start; /* what "left" must not list */

/* The rig is gone. In a pid namespace of its own our end is everybody's; without one they are our children
 * still. */
static _Noreturn void end(void)
{
	char path[64], *at;
	static char children[PACKET];
	ssize_t n;
	int fd;

	snprintf(path, sizeof path, "/proc/self/task/%d/children", getpid());
	while (getpid() != 1 && (fd = open(path, O_RDONLY | O_CLOEXEC)) != -1) {
		n = read(fd, children, sizeof children - 1);
		close(fd);
		if (n <= 0)
			break;
		children[n] = '\0';
		for (at = children; *at >= '0'; at += strspn(at, " "))
			kill((pid_t)strtol(at, &at, 10), SIGKILL);
		while (waitpid(-1, NULL, 0) > 0)
			;
	}
	_exit(0);
}

static void tell(const char *text)
{
	if (send(rig, text, strlen(text), MSG_NOSIGNAL) == -1)
		end();
}

/* ---- starting a program ---- */

static void limit(int what, rlim_t value)
{
	struct rlimit now;

	if (getrlimit((__rlimit_resource_t)what, &now) == 0 &&
	    (now.rlim_max == RLIM_INFINITY || now.rlim_max > value)) {
		now.rlim_cur = now.rlim_max = value;
		setrlimit((__rlimit_resource_t)what, &now);
	}
}

/* As a shell would have started it: no signal ignored or blocked, no descriptor but 0, 1 and 2. */
static void become_ordinary(void)
{
	struct sigaction dfl = { .sa_handler = SIG_DFL };
	sigset_t none;
	int sig;

	for (sig = 1; sig < NSIG; sig++)
		sigaction(sig, &dfl, NULL);
	sigemptyset(&none);
	sigprocmask(SIG_SETMASK, &none, NULL);
	umask(022);
	limit(RLIMIT_CORE, 0);
	limit(RLIMIT_CPU, 20);
	limit(RLIMIT_FSIZE, 16 << 20);
	limit(RLIMIT_AS, (rlim_t)2 << 30);
	limit(RLIMIT_NPROC, run_as != 0 ? 64 : 400);
	if (run_as != 0 && (setgroups(0, NULL) == -1 || setgid(run_as) == -1 || setuid(run_as) == -1)) {
		tell("broken setuid");
		_exit(126);
	}
	prctl(PR_SET_DUMPABLE, 1);
}

static void run(char *words[], const int fds[], int fd_count)
{
	char here[64], *environment[MAX_WORDS];
	int count = 0;
	char byte;

	setsid();
	dup2(fd_count == MAX_FDS ? fds[3] : open("/dev/null", O_RDONLY), 0);
	dup2(fds[0], 1);
	dup2(fds[1], 2);
	for (words += 2; *words != NULL && strcmp(*words, "--") != 0; words++)
		environment[count++] = *words;
	environment[count] = NULL;
	become_ordinary();
	snprintf(here, sizeof here, "here %d", getpid());
	send(rig, here, strlen(here), MSG_NOSIGNAL); /* the socket adds our pid as the rig sees it */
	if (read(fds[2], &byte, 1) != 1)
		_exit(126);
	close_range(3, ~0U, CLOSE_RANGE_CLOEXEC);
	execve(words[1], words + 1, environment);
	dprintf(2, "%s: %s\n", words[1], strerror(errno));
	_exit(127);
}

static void start(char *words[], const int fds[], int fd_count)
{
	pid_t pid = fork();
	int i;

	if (pid == 0)
		run(words, fds, fd_count);
	if (pid == -1)
		tell("broken fork");
	for (i = 0; i < fd_count; i++)
		close(fds[i]);
}

/* ---- what is left ---- */

static void add(char **list, const char *kind, const char *what)
{
	size_t old = *list != NULL ? strlen(*list) : 0, more = strlen(kind) + strlen(what) + 3;

	if (old + more > PACKET || (*list = realloc(*list, old + more)) == NULL)
		return;
	snprintf(*list + old, more, "%s %s\n", kind, what);
}

static void add_directory(char **list, const char *kind, const char *path, int depth)
{
	struct dirent *entry;
	char name[4096];
	struct stat info;
	DIR *dir = opendir(path);

	while (dir != NULL && (entry = readdir(dir)) != NULL) {
		if (strcmp(entry->d_name, ".") == 0 || strcmp(entry->d_name, "..") == 0)
			continue;
		snprintf(name, sizeof name, "%s/%s", path, entry->d_name);
		add(list, kind, name);
		if (depth > 0 && lstat(name, &info) == 0 && S_ISDIR(info.st_mode))
			add_directory(list, kind, name, depth - 1);
	}
	if (dir != NULL)
		closedir(dir);
}

/* /proc/sysvipc/KIND: a headline, then an object a line: key, id, mode, ... */
static void add_sysv(char **list, const char *kind)
{
	char path[64], line[512], text[128];
	unsigned mode;
	int key, id;
	FILE *in;

	snprintf(path, sizeof path, "/proc/sysvipc/%s", kind);
	if ((in = fopen(path, "r")) == NULL)
		return;
	while (fgets(line, sizeof line, in) != NULL)
		if (sscanf(line, "%d %d %o", &key, &id, &mode) == 3) {
			snprintf(text, sizeof text, "%s key=%#x id=%d mode=%#o", kind, (unsigned)key, id,
				 mode);
			add(list, "sysv", text);
		}
	fclose(in);
}

static void add_processes(char **list)
{
	char path[300], line[512], *name, *last;
	struct dirent *entry;
	DIR *dir = opendir("/proc");
	FILE *in;

	while (dir != NULL && (entry = readdir(dir)) != NULL) {
		if (entry->d_name[0] < '1' || entry->d_name[0] > '9' || atoi(entry->d_name) == getpid())
			continue;
		snprintf(path, sizeof path, "/proc/%s/stat", entry->d_name);
		if (getpid() != 1 || (in = fopen(path, "r")) == NULL)
			continue;
		if (fgets(line, sizeof line, in) != NULL && (name = strchr(line, '(')) != NULL &&
		    (last = strrchr(name, ')')) != NULL) {
			snprintf(last + 1, 3, " %c", last[2]);
			snprintf(path, sizeof path, "pid %.20s %.40s", entry->d_name, name);
			add(list, "process", path);
		}
		fclose(in);
	}
	if (dir != NULL)
		closedir(dir);
}

static char *list_everything(void)
{
	char *list = NULL;

	add_processes(&list);
	add_sysv(&list, "shm");
	add_sysv(&list, "sem");
	add_sysv(&list, "msg");
	add_directory(&list, "posix", "/dev/shm", 0);
	add_directory(&list, "posix", "/dev/mqueue", 0);
	if (getenv("TMPDIR") != NULL)
		add_directory(&list, "file", getenv("TMPDIR"), 3);
	if (getpid() == 1) /* without a sandbox it is the same directory */
		add_directory(&list, "file", ".", 3);
	return list;
}

static void bury(void)
{
	char text[64];
	int status;
	pid_t pid;

	while ((pid = waitpid(-1, &status, WNOHANG)) > 0) {
		snprintf(text, sizeof text, "ended %d %d", pid, status);
		tell(text);
	}
}

static void left(void)
{
	char *list, *line, *save = NULL, answer[PACKET] = "ok";
	size_t used = 2;

	bury(); /* a zombie that is ours to bury is not left behind */
	list = list_everything();
	for (line = list != NULL ? strtok_r(list, "\n", &save) : NULL; line != NULL;
	     line = strtok_r(NULL, "\n", &save))
		if (at_the_start == NULL || strstr(at_the_start, line) == NULL)
			used += (size_t)snprintf(answer + used, sizeof answer - used, "\n%s", line);
	free(list);
	tell(answer);
}

/* ---- things put in a program's way ---- */

static void answer_result(bool ok)
{
	char text[128];

	snprintf(text, sizeof text, "no %s", strerror(errno));
	tell(ok ? "ok" : text);
}

static bool give_away(const char *path, const char *mode)
{
	return chmod(path, (mode_t)strtol(mode, NULL, 8)) == 0 &&
	       (run_as == 0 || lchown(path, run_as, run_as) == 0);
}

static bool make_file(const char *path, const char *mode, const char *text)
{
	int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
	bool ok = fd != -1 && write(fd, text, strlen(text)) == (ssize_t)strlen(text);

	if (fd != -1)
		close(fd);
	return ok && give_away(path, mode);
}

static void read_file(const char *path)
{
	char text[4096] = "ok ";
	int fd = open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC);
	ssize_t n = fd == -1 ? -1 : read(fd, text + 3, sizeof text - 4);

	if (fd != -1)
		close(fd);
	if (n == -1) {
		answer_result(false);
		return;
	}
	text[3 + n] = '\0';
	tell(text);
}

static void stat_file(const char *path)
{
	struct stat info;
	char text[128];

	if (lstat(path, &info) == -1) {
		answer_result(false);
		return;
	}
	snprintf(text, sizeof text, "ok type=%s mode=%#o size=%lld inode=%llu",
		 S_ISFIFO(info.st_mode)	 ? "fifo"
		 : S_ISREG(info.st_mode) ? "file"
		 : S_ISDIR(info.st_mode) ? "directory"
					 : "other",
		 info.st_mode & 07777U, (long long)info.st_size, (unsigned long long)info.st_ino);
	tell(text);
}

static void obey(char *words[], int count, const int fds[], int fd_count)
{
	const char *verb = words[0];

	if (strcmp(verb, "start") == 0 && fd_count >= 3)
		start(words, fds, fd_count);
	else if (strcmp(verb, "left") == 0)
		left();
	else if (strcmp(verb, "file") == 0 && count == 4)
		answer_result(make_file(words[1], words[2], words[3]));
	else if (strcmp(verb, "fifo") == 0 && count == 3)
		answer_result(mkfifo(words[1], 0600) == 0 && give_away(words[1], words[2]));
	else if (strcmp(verb, "directory") == 0 && count == 3)
		answer_result(mkdir(words[1], 0700) == 0 && give_away(words[1], words[2]));
	else if (strcmp(verb, "remove") == 0 && count == 2)
		answer_result(remove(words[1]) == 0);
	else if (strcmp(verb, "read") == 0 && count == 2)
		read_file(words[1]);
	else if (strcmp(verb, "stat") == 0 && count == 2)
		stat_file(words[1]);
	else
		tell("broken question");
}

static void take_question(void)
{
	static char packet[PACKET];
	union {
		struct cmsghdr header;
		char space[CMSG_SPACE(MAX_FDS * sizeof(int))];
	} control;
	struct iovec iov = { packet, sizeof packet - 1 };
	struct msghdr message = {
		.msg_iov = &iov, .msg_iovlen = 1, .msg_control = &control, .msg_controllen = sizeof control
	};
	ssize_t n = recvmsg(rig, &message, MSG_CMSG_CLOEXEC);
	struct cmsghdr *header = CMSG_FIRSTHDR(&message);
	char *words[MAX_WORDS + 1];
	int fds[MAX_FDS], fd_count = 0, count = 0;
	char *at;

	if (n <= 0)
		end();
	packet[n] = '\0';
	if (header != NULL && header->cmsg_type == SCM_RIGHTS) {
		fd_count = (int)((header->cmsg_len - CMSG_LEN(0)) / sizeof(int));
		memcpy(fds, CMSG_DATA(header), (size_t)fd_count * sizeof(int));
	}
	for (at = packet; at < packet + n && count < MAX_WORDS; at += strlen(at) + 1)
		words[count++] = at;
	words[count] = NULL;
	obey(words, count, fds, fd_count);
}

int main(int argc, char *argv[])
{
	struct pollfd polled[2];
	struct signalfd_siginfo info;
	sigset_t child;

	if (argc != 3)
		return 2;
	rig = atoi(argv[1]);
	run_as = (uid_t)atoi(argv[2]);
	prctl(PR_SET_DUMPABLE, 0); /* nobody inside may look at it or trace it */
	prctl(PR_SET_CHILD_SUBREAPER, 1);
	sigemptyset(&child);
	sigaddset(&child, SIGCHLD);
	sigprocmask(SIG_BLOCK, &child, NULL);
	polled[0] = (struct pollfd){ .fd = rig, .events = POLLIN };
	polled[1] = (struct pollfd){ .fd = signalfd(-1, &child, SFD_CLOEXEC), .events = POLLIN };
	at_the_start = list_everything();
	tell("ready");
	for (;;) {
		poll(polled, 2, -1);
		if (polled[1].revents & POLLIN && read(polled[1].fd, &info, sizeof info) > 0)
			bury();
		if (polled[0].revents != 0)
			take_question();
	}
}
