/* look.c - what the kernel says about a process, from /proc (proc(5)); nothing here changes anything. */
#define _GNU_SOURCE
#include <ctype.h>
#include <dirent.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/pidfd.h>
#include <sys/stat.h>
#include <unistd.h>

#include "rig.h"

/* The whole of a small file under /proc as a string; false if the process is gone. */
static bool slurp(char *to, size_t size, const char *format, int pid, int fd)
{
	char path[64];
	ssize_t n;
	int in;

	snprintf(path, sizeof path, format, pid, fd);
	if ((in = open(path, O_RDONLY | O_CLOEXEC)) == -1)
		return false;
	n = read(in, to, size - 1);
	close(in);
	to[n > 0 ? n : 0] = '\0';
	return n > 0;
}

static long number_after(const char *text, const char *label)
{
	const char *at = strstr(text, label);

	return at != NULL ? strtol(at + strlen(label), NULL, 0) : 0;
}

bool look_at(pid_t tid, struct look *look)
{
	char text[4096], *at;
	unsigned long user, system;

	if (!slurp(text, sizeof text, "/proc/%d/stat", tid, 0) || (at = strrchr(text, ')')) == NULL)
		return false;
	if (sscanf(at, ") %c %*d %*d %*d %*d %*d %*u %*u %*u %*u %*u %lu %lu", &look->state, &user,
		   &system) != 3)
		return false;
	look->cpu_ms = (long)((user + system) * 1000 / (unsigned long)sysconf(_SC_CLK_TCK));
	if (!slurp(text, sizeof text, "/proc/%d/status", tid, 0))
		return false;
	look->switches = (unsigned long)(number_after(text, "\nvoluntary_ctxt_switches:") +
					 number_after(text, "\nnonvoluntary_ctxt_switches:"));
	return true;
}

/*
 * State S alone is not yet sleep: wait(2) is in it while it still looks for a dead child, and may have been
 * preempted there. /proc/PID/syscall says "running" until the process is off the processor.
 */
bool off_processor(pid_t tid)
{
	char text[256];

	return !slurp(text, sizeof text, "/proc/%d/syscall", tid, 0) || strncmp(text, "running", 7) != 0;
}

pid_t inside_pid(pid_t pid)
{
	char text[4096], *line, *last;

	if (!slurp(text, sizeof text, "/proc/%d/status", pid, 0) || (line = strstr(text, "\nNSpid:")) == NULL)
		return pid;
	line[1 + strcspn(line + 1, "\n")] = '\0';
	last = strrchr(line, '\t');
	return last != NULL ? atoi(last + 1) : pid;
}

int threads_tgid(pid_t tid)
{
	char text[4096];

	return slurp(text, sizeof text, "/proc/%d/status", tid, 0) ? (int)number_after(text, "\nTgid:") : tid;
}

/* Pipes are called A, B, C ... in the order in which they were first seen. */
static char pipe_letter(ino_t inode)
{
	static ino_t seen[26];
	int i;

	for (i = 0; i < 25 && seen[i] != 0 && seen[i] != inode; i++)
		;
	seen[i] = inode;
	return (char)('A' + i);
}

static bool stat_fd(pid_t pid, int fd, struct stat *info)
{
	char path[64];

	snprintf(path, sizeof path, "/proc/%d/fd/%d", pid, fd);
	return stat(path, info) == 0;
}

bool fd_is_pipe(pid_t pid, int fd)
{
	struct stat info;

	return stat_fd(pid, fd, &info) && S_ISFIFO(info.st_mode);
}

/* Is it the pipe that the contract feeds a program through? */
static bool is_stdin(ino_t inode)
{
	int i;

	for (i = 0; i < program_count; i++)
		if (programs[i].stdin_inode == inode)
			return true;
	return false;
}

bool fd_object(pid_t pid, int fd, char *to, size_t size)
{
	char path[64], target[512];
	struct stat info;
	ssize_t n;

	*to = '\0';
	snprintf(path, sizeof path, "/proc/%d/fd/%d", pid, fd);
	if (fd < 0 || (n = readlink(path, target, sizeof target - 1)) == -1)
		return false;
	target[n] = '\0';
	if (stat_fd(pid, fd, &info) && S_ISFIFO(info.st_mode)) {
		if (is_stdin(info.st_ino) && strncmp(target, "pipe:", 5) == 0)
			snprintf(to, size, "stdin");
		else if (strncmp(target, "pipe:", 5) == 0)
			snprintf(to, size, "pipe:%c", pipe_letter(info.st_ino));
		else
			snprintf(to, size, "fifo:%s", target);
	} else if (strncmp(target, stage_dir, strlen(stage_dir)) == 0) {
		snprintf(to, size, "%s", target + strlen(stage_dir) + 1); /* an output: NAME.out, NAME.err */
	} else {
		snprintf(to, size, "%s", target);
	}
	for (; *to != '\0'; to++)
		if (isspace((unsigned char)*to) || !isprint((unsigned char)*to))
			*to = '_';
	return true;
}

/* The first pipe among the descriptors that an epoll descriptor watches, or -1. */
int epoll_pipe(pid_t pid, int epoll)
{
	char text[4096], *at;

	if (!slurp(text, sizeof text, "/proc/%d/fdinfo/%d", pid, epoll))
		return -1;
	for (at = text; (at = strstr(at, "\ntfd:")) != NULL; at++)
		if (fd_is_pipe(pid, atoi(at + 5)))
			return atoi(at + 5);
	return -1;
}

/* Is the descriptor one that can only be written to? */
bool fd_writes(pid_t pid, int fd)
{
	char text[4096];

	return slurp(text, sizeof text, "/proc/%d/fdinfo/%d", pid, fd) &&
	       (strtol(strstr(text, "flags:") + 6, NULL, 8) & O_ACCMODE) == O_WRONLY;
}

int borrow_fd(pid_t pid, int fd)
{
	int pidfd = pidfd_open(pid, 0);
	int ours = pidfd == -1 ? -1 : pidfd_getfd(pidfd, fd, 0);

	if (pidfd != -1)
		close(pidfd);
	return ours;
}

bool pipe_fill(pid_t pid, int fd, int *queued, int *capacity)
{
	int ours = borrow_fd(pid, fd);
	bool ok;

	if (ours == -1)
		return false;
	*capacity = fcntl(ours, F_GETPIPE_SZ);
	ok = *capacity != -1 && ioctl(ours, FIONREAD, queued) == 0;
	close(ours);
	return ok;
}

const char *task_text(const struct task *task, char *to, size_t size)
{
	snprintf(to, size, "pid %d (%s%s)", task->inside, task->first ? "" : "child of ",
		 task->program != NULL ? task->program->name : "one of them");
	return to;
}

/* Calls visit(task, fd, may_read, may_write) for every descriptor of every live process on the inode. */
static void each_holder(const struct stat *pipe, void visit(const struct task *, int, int, void *), void *arg)
{
	char path[64], text[512];
	struct stat info;
	struct dirent *entry;
	DIR *dir;
	int i, fd;

	for (i = 0; i < task_count; i++) {
		if (tasks[i].dead || tasks[i].tid != tasks[i].tgid)
			continue;
		snprintf(path, sizeof path, "/proc/%d/fd", tasks[i].tid);
		if ((dir = opendir(path)) == NULL)
			continue;
		while ((entry = readdir(dir)) != NULL) {
			if (!isdigit((unsigned char)entry->d_name[0]))
				continue;
			fd = atoi(entry->d_name);
			if (stat_fd(tasks[i].tid, fd, &info) && info.st_ino == pipe->st_ino &&
			    info.st_dev == pipe->st_dev &&
			    slurp(text, sizeof text, "/proc/%d/fdinfo/%d", tasks[i].tid, fd))
				visit(&tasks[i], fd,
				      (int)strtol(strstr(text, "flags:") + 6, NULL, 8) & O_ACCMODE, arg);
		}
		closedir(dir);
	}
}

struct holders {
	bool write_end;
	pid_t asking;
	char *to;
	size_t size;
};

static void add_holder(const struct task *task, int fd, int mode, void *arg)
{
	struct holders *holders = arg;
	size_t used = strlen(holders->to);
	char name[80];

	if (mode != O_RDWR && (mode == O_WRONLY) != holders->write_end)
		return;
	if (task->tgid == holders->asking)
		snprintf(name, sizeof name, "pid %d itself", task->inside);
	else
		task_text(task, name, sizeof name);
	snprintf(holders->to + used, holders->size - used, "%s%s, fd %d", used > 0 ? " and " : "", name, fd);
}

/* Who holds the read or the write end of this pipe or FIFO: "pid 3 itself, fd 4 and pid 2 (eof), fd 4". */
void holders_text(pid_t pid, int fd, bool write_end, char *to, size_t size)
{
	struct holders holders = { write_end, pid, to, size };
	struct stat pipe;

	*to = '\0';
	if (stat_fd(pid, fd, &pipe))
		each_holder(&pipe, add_holder, &holders);
	if (*to == '\0')
		snprintf(to, size, "nobody");
}

/* All ends of all pipes, one a line: OBJECT r|w|rw pid fd. */
void list_holders(FILE *to)
{
	char path[64], object[600], text[512];
	struct dirent *entry;
	DIR *dir;
	int i, fd, mode;

	for (i = 0; i < task_count; i++) {
		if (tasks[i].dead || tasks[i].tid != tasks[i].tgid)
			continue;
		snprintf(path, sizeof path, "/proc/%d/fd", tasks[i].tid);
		if ((dir = opendir(path)) == NULL)
			continue;
		while ((entry = readdir(dir)) != NULL) {
			fd = atoi(entry->d_name);
			if (!isdigit((unsigned char)entry->d_name[0]) || !fd_is_pipe(tasks[i].tid, fd) ||
			    !fd_object(tasks[i].tid, fd, object, sizeof object) ||
			    !slurp(text, sizeof text, "/proc/%d/fdinfo/%d", tasks[i].tid, fd))
				continue;
			mode = (int)strtol(strstr(text, "flags:") + 6, NULL, 8) & O_ACCMODE;
			fprintf(to, "%s %s pid=%d fd=%d program=%s%s\n", object,
				mode == O_RDWR	   ? "rw"
				: mode == O_WRONLY ? "w"
						   : "r",
				tasks[i].inside, fd, tasks[i].program != NULL ? tasks[i].program->name : "",
				tasks[i].first ? "" : ".child");
		}
		closedir(dir);
	}
}

/* ---- what a process has mapped ---- */

enum { MAX_MAPPINGS = 16 };

struct mapping {
	char id[64]; /* its file: device and inode */
	char path[512];
	bool shared;
	long size, rss, copies; /* bytes, of all its parts: mapped, present, copied for this process alone */
};

/* ADDRESS-ADDRESS PERMISSIONS OFFSET DEVICE INODE PATH: the mapping it is a part of, or NULL if it is of no file. */
static struct mapping *mapping_of(const char *line, const char *program, struct mapping *all, int *count)
{
	char permissions[8], device[32], inode[32], id[64], *path = strchr(line, '/');
	unsigned long from, to;
	int i;

	if (sscanf(line, "%lx-%lx %7s %*x %31s %31s", &from, &to, permissions, device, inode) != 5 ||
	    path == NULL || strcmp(path, program) == 0)
		return NULL;
	snprintf(id, sizeof id, "%s:%s", device, inode);
	for (i = 0; i < *count; i++)
		if (strcmp(all[i].id, id) == 0 && all[i].shared == (permissions[3] == 's'))
			break;
	if (i == MAX_MAPPINGS)
		return NULL;
	if (i == *count) {
		memset(&all[i], 0, sizeof *all);
		memcpy(all[i].id, id, sizeof id);
		snprintf(all[i].path, sizeof all[i].path, "%s", path);
		all[i].shared = permissions[3] == 's';
		++*count;
	}
	all[i].size += (long)(to - from);
	return &all[i];
}

/* Files and shared memory that the process has mapped, but for its program: a line each, as the trace has it. */
void mappings_text(pid_t pid, char *to, size_t size)
{
	char path[64], line[1024], program[512];
	struct mapping all[MAX_MAPPINGS], *now = NULL;
	size_t used = 0;
	int count = 0, i;
	ssize_t n;
	FILE *in;
	char *at;

	*to = '\0';
	snprintf(path, sizeof path, "/proc/%d/exe", pid);
	n = readlink(path, program, sizeof program - 1);
	program[n > 0 ? n : 0] = '\0';
	snprintf(path, sizeof path, "/proc/%d/smaps", pid);
	if ((in = fopen(path, "re")) == NULL)
		return;
	while (fgets(line, sizeof line, in) != NULL) {
		line[strcspn(line, "\n")] = '\0';
		if (!isupper((unsigned char)*line))
			now = mapping_of(line, program, all, &count);
		else if (now != NULL && strncmp(line, "Rss:", 4) == 0)
			now->rss += number_after(line, "Rss:") * 1024;
		else if (now != NULL && strncmp(line, "Anonymous:", 10) == 0)
			now->copies += number_after(line, "Anonymous:") * 1024;
	}
	fclose(in);
	for (i = 0; i < count && used < size; i++) {
		for (at = all[i].path; *at != '\0'; at++)
			if (isspace((unsigned char)*at) || !isprint((unsigned char)*at))
				*at = '_';
		used += (size_t)snprintf(to + used, size - used,
					 "mapping on=%s id=%s kind=%s size=%ld rss=%ld copies=%ld\n",
					 all[i].path, all[i].id, all[i].shared ? "shared" : "private",
					 all[i].size, all[i].rss, all[i].copies);
	}
}
