/* stage.c - the sandbox, and the keeper in it through which the programs are started. */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "rig.h"

struct program programs[MAX_PROGRAMS];
int program_count;
bool open_stdin;

static const struct stage_options *stage;
static int keeper = -1; /* our end of the socket */
static int child_news;	/* a signalfd for SIGCHLD */
static char environment[MAX_WORDS][512];
static int environment_count;

void broken(const char *format, ...)
{
	va_list args;

	va_start(args, format);
	printf("broken ");
	vprintf(format, args);
	putchar('\n');
	va_end(args);
	fflush(stdout);
	exit(2);
}

void add_environment(const char *name, const char *value)
{
	size_t length = strlen(name);
	int i;

	for (i = 0; i < environment_count; i++)
		if (strncmp(environment[i], name, length) == 0 && environment[i][length] == '=')
			break;
	if (i == MAX_WORDS)
		broken("too many environment variables");
	snprintf(environment[i], sizeof *environment, "%s=%s", name, value);
	if (i == environment_count)
		environment_count++;
}

/* ---- bubblewrap ---- */

static char *words[256];
static int word_count;

static void add(const char *word)
{
	if (word_count < 255)
		words[word_count++] = strdup(word);
}

static void add_all(const char *line)
{
	char copy[512], *save = NULL, *word;

	snprintf(copy, sizeof copy, "%s", line);
	for (word = strtok_r(copy, " ", &save); word != NULL; word = strtok_r(NULL, " ", &save))
		add(word);
}

/* /lib and its like are links into /usr on most systems, directories on some. */
static void add_system(const char *path)
{
	char target[256];
	ssize_t n = readlink(path, target, sizeof target - 1);

	if (n > 0) {
		target[n] = '\0';
		add("--symlink");
		add(target);
	} else {
		add("--ro-bind-try");
		add(path);
	}
	add(path);
}

static void build_command(const char *socket_number, const char *uid)
{
	char copy[PATH_MAX * 2], *inside;
	int i;

	if (!stage->sandbox) {
		add(stage->keeper);
		add(socket_number);
		add(uid);
		return;
	}
	/* Root needs no user namespace of its own, and in one the programs could not be given another user.
	 */
	add_all(geteuid() == 0
			? "bwrap --unshare-ipc --unshare-pid --unshare-net --unshare-uts --unshare-cgroup-try"
			: "bwrap --unshare-all");
	add_all("--die-with-parent --new-session --as-pid-1 --clearenv --ro-bind /usr /usr");
	add_system("/lib");
	add_system("/lib32");
	add_system("/lib64");
	add_system("/bin");
	add_all("--perms 0755 --dir /etc --ro-bind-try /etc/ld.so.cache /etc/ld.so.cache --ro-bind-try "
		"/etc/alternatives /etc/alternatives");
	add_all("--proc /proc --dev /dev --mqueue /dev/mqueue --perms 1777 --size 67108864 --tmpfs /dev/shm");
	add_all("--perms 1777 --size 67108864 --tmpfs /tmp --perms 1777 --size 67108864 --tmpfs /home "
		"--chdir /home");
	add_all("--setenv TMPDIR /tmp");
	for (i = 0; i < stage->bind_count; i++) {
		snprintf(copy, sizeof copy, "%s", stage->binds[i]);
		if ((inside = strrchr(copy, '=')) == NULL)
			broken("bind %s", copy);
		*inside++ = '\0';
		add("--ro-bind");
		add(copy);
		add(inside);
	}
	add("--ro-bind");
	add(stage->keeper);
	add("/keeper");
	if (geteuid() == 0)
		add_all("--cap-drop ALL --cap-add CAP_SETUID --cap-add CAP_SETGID --cap-add CAP_CHOWN "
			"--cap-add CAP_DAC_OVERRIDE --cap-add CAP_FOWNER --cap-add CAP_SYS_PTRACE");
	add("/keeper");
	add(socket_number);
	add(uid);
}

static ssize_t hear(char *text, size_t size, pid_t *sender)
{
	union {
		struct cmsghdr header;
		char space[CMSG_SPACE(sizeof(struct ucred))];
	} control;
	struct iovec iov = { text, size - 1 };
	struct msghdr message = {
		.msg_iov = &iov, .msg_iovlen = 1, .msg_control = &control, .msg_controllen = sizeof control
	};
	ssize_t n = recvmsg(keeper, &message, MSG_CMSG_CLOEXEC);
	struct cmsghdr *header = CMSG_FIRSTHDR(&message);
	struct ucred who;

	text[n > 0 ? n : 0] = '\0';
	*sender = 0;
	if (n > 0 && header != NULL && header->cmsg_type == SCM_CREDENTIALS) {
		memcpy(&who, CMSG_DATA(header), sizeof who);
		*sender = who.pid;
	}
	return n;
}

bool open_stage(const struct stage_options *options)
{
	char number[16], uid[16], answer[64], null_uid[] = "0";
	int pair[2], on = 1;
	sigset_t child;
	pid_t pid, sender;

	stage = options;
	sigemptyset(&child);
	sigaddset(&child, SIGCHLD);
	sigprocmask(SIG_BLOCK, &child, NULL);
	child_news = signalfd(-1, &child, SFD_CLOEXEC | SFD_NONBLOCK);
	if (child_news == -1 || socketpair(AF_UNIX, SOCK_SEQPACKET, 0, pair) == -1)
		broken("socketpair: %s", strerror(errno));
	setsockopt(pair[0], SOL_SOCKET, SO_PASSCRED, &on, sizeof on);
	fcntl(pair[0], F_SETFD, FD_CLOEXEC);
	snprintf(number, sizeof number, "%d", pair[1]);
	/* A user of its own for each run: limits are counted by user. Root would not even meet them. */
	snprintf(uid, sizeof uid, "%d", 100000 + getpid() % 400000);
	build_command(number, geteuid() == 0 ? uid : null_uid);
	words[word_count] = NULL;
	if ((pid = fork()) == 0) {
		if (stage->sandbox) /* without one the keeper ends by itself, after it has killed what it
				       started */
			prctl(PR_SET_PDEATHSIG, SIGKILL);
		sigprocmask(SIG_UNBLOCK, &child, NULL);
		dup2(open("/dev/null", O_RDWR), 1); /* stdout is for our answers */
		execvp(words[0], words);
		_exit(127);
	}
	close(pair[1]);
	keeper = pair[0];
	return pid != -1 && hear(answer, sizeof answer, &sender) > 0 && strcmp(answer, "ready") == 0;
}

/* ---- talking with the keeper ---- */

struct program *find_program(const char *name)
{
	int i;

	for (i = program_count - 1; i >= 0; i--)
		if (strcmp(programs[i].name, name) == 0)
			return &programs[i];
	return NULL;
}

static void note_end(const char *text)
{
	int inside, status, i;

	if (sscanf(text, "ended %d %d", &inside, &status) != 2)
		return;
	for (i = 0; i < program_count; i++)
		if (programs[i].inside == inside && !programs[i].ended) {
			programs[i].ended = true;
			programs[i].status = status;
		}
	happened++;
}

/* What it says of its own accord: that a process has ended. */
void handle_keeper(void)
{
	struct pollfd polled = { .fd = keeper, .events = POLLIN };
	char text[256];
	pid_t sender;

	while (poll(&polled, 1, 0) == 1) {
		if (hear(text, sizeof text, &sender) <= 0)
			broken("the sandbox is gone");
		note_end(text);
	}
}

/* The next thing that it says which is not an end. */
static void hear_answer(char *answer, size_t size, pid_t *sender)
{
	struct pollfd polled = { .fd = keeper, .events = POLLIN };

	for (;;) {
		/* The keeper's child may be a tracee by now, and stop for its signals. */
		if (poll(&polled, 1, 10) == 0) {
			handle_stops();
			continue;
		}
		if (hear(answer, size, sender) <= 0)
			broken("the sandbox is gone");
		if (strncmp(answer, "broken", 6) == 0)
			broken("keeper: %s", answer);
		if (strncmp(answer, "ended ", 6) != 0)
			return;
		note_end(answer);
	}
}

static void say(int argc, char *argv[], const int fds[], int fd_count)
{
	char packet[32768];
	union {
		struct cmsghdr header;
		char space[CMSG_SPACE(4 * sizeof(int))];
	} control;
	struct iovec iov = { packet, 0 };
	struct msghdr message = { .msg_iov = &iov, .msg_iovlen = 1 };
	int i;

	for (i = 0; i < argc; i++) {
		size_t length = strlen(argv[i]) + 1;

		if (iov.iov_len + length > sizeof packet)
			broken("a command of more than %zu bytes", sizeof packet);
		memcpy(packet + iov.iov_len, argv[i], length);
		iov.iov_len += length;
	}
	if (fd_count > 0) {
		memset(&control, 0, sizeof control);
		message.msg_control = &control;
		message.msg_controllen = CMSG_SPACE((size_t)fd_count * sizeof(int));
		control.header.cmsg_level = SOL_SOCKET;
		control.header.cmsg_type = SCM_RIGHTS;
		control.header.cmsg_len = CMSG_LEN((size_t)fd_count * sizeof(int));
		memcpy(CMSG_DATA(&control.header), fds, (size_t)fd_count * sizeof(int));
	}
	if (sendmsg(keeper, &message, MSG_NOSIGNAL) == -1)
		broken("sendmsg: %s", strerror(errno));
}

bool ask_keeper(int argc, char *argv[], char *answer, size_t size)
{
	pid_t sender;

	say(argc, argv, NULL, 0);
	hear_answer(answer, size, &sender);
	return strncmp(answer, "ok", 2) == 0;
}

/* ---- programs ---- */

static int output_file(const char *name, const char *ending)
{
	char path[PATH_MAX];
	int fd;

	snprintf(path, sizeof path, "%s/%s.%s", stage->dir, name, ending);
	if ((fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_APPEND | O_CLOEXEC, 0600)) == -1)
		broken("%s: %s", path, strerror(errno));
	return fd;
}

static int open_terminal(struct program *program)
{
	int fd;

	if ((program->terminal = posix_openpt(O_RDWR | O_NOCTTY | O_CLOEXEC)) == -1 ||
	    grantpt(program->terminal) == -1 || unlockpt(program->terminal) == -1 ||
	    (fd = open(ptsname(program->terminal), O_RDWR | O_NOCTTY | O_CLOEXEC)) == -1)
		broken("no terminal: %s", strerror(errno));
	return fd;
}

/* The write end is ours: "feed" writes to it, "hang-up" closes it. */
static int make_stdin(struct program *program)
{
	struct stat info;
	int ends[2];

	if (pipe2(ends, O_CLOEXEC) == -1 || fstat(ends[0], &info) == -1)
		broken("no stdin: %s", strerror(errno));
	program->feed = ends[1];
	program->stdin_inode = info.st_ino;
	return ends[0];
}

bool feed_program(struct program *program, const char *text)
{
	char line[4096];
	int length = snprintf(line, sizeof line, "%s\n", text != NULL ? text : "");
	bool ok =
		program->feed != -1 && (text == NULL || write(program->feed, line, (size_t)length) == length);

	if (text == NULL && ok) {
		close(program->feed);
		program->feed = -1;
	}
	return ok;
}

/*
 * Start PROGRAM ARG... under NAME. Its process exists, and is traced, before it executes the program: nothing
 * that it does is missed. Returns NULL if it could not be started.
 */
struct program *start_program(const char *name, int argc, char *argv[], bool on_terminal, bool traced)
{
	struct program *program = &programs[program_count];
	char *question[2 * MAX_WORDS + 8], answer[128], separator[] = "--", verb[] = "start", copy[32];
	int fds[4], go[2], count = 0, i;
	pid_t sender;

	if (program_count == MAX_PROGRAMS)
		broken("too many programs");
	memset(program, 0, sizeof *program);
	snprintf(program->name, sizeof program->name, "%s", name);
	snprintf(copy, sizeof copy, "%s", name);
	program->terminal = program->feed = -1;
	program->traced = traced;
	program->out = output_file(name, "out");
	fds[0] = on_terminal ? open_terminal(program) : program->out;
	fds[1] = output_file(name, "err");
	if (pipe2(go, O_CLOEXEC) == -1)
		broken("pipe2: %s", strerror(errno));
	fds[2] = go[0];
	if (open_stdin)
		fds[3] = make_stdin(program);

	question[count++] = verb;
	question[count++] = copy;
	for (i = 0; i < environment_count; i++)
		question[count++] = environment[i];
	question[count++] = separator;
	for (i = 0; i < argc; i++)
		question[count++] = argv[i];
	say(count, question, fds, open_stdin ? 4 : 3);
	hear_answer(answer, sizeof answer, &sender);
	close(fds[1]);
	close(go[0]);
	if (fds[0] != program->out)
		close(fds[0]);
	if (open_stdin)
		close(fds[3]);
	if (sscanf(answer, "here %d", &program->inside) != 1 || sender == 0)
		broken("the keeper says \"%s\"", answer);
	program->first = sender;
	program_count++;
	if (traced && seize(program, sender) == -1)
		broken("ptrace: %s", strerror(errno));
	if (write(go[1], "g", 1) != 1)
		broken("write: %s", strerror(errno));
	close(go[1]);
	return program;
}

static void copy_from_terminal(struct program *program)
{
	char bytes[4096];
	ssize_t n, i, kept_bytes = 0;

	if ((n = read(program->terminal, bytes, sizeof bytes)) <= 0) {
		close(program->terminal);
		program->terminal = -1;
		return;
	}
	for (i = 0; i < n; i++) /* the terminal makes \r\n of \n */
		if (bytes[i] != '\r')
			bytes[kept_bytes++] = bytes[i];
	if (write(program->out, bytes, (size_t)kept_bytes) == -1)
		broken("write: %s", strerror(errno));
}

/* Its output so far: somebody it left behind may keep the terminal open for ever. */
void drain_terminal(struct program *program)
{
	struct pollfd polled = { .fd = program->terminal, .events = POLLIN };

	while (program->terminal != -1 && poll(&polled, 1, 0) == 1)
		copy_from_terminal(program);
}

int wait_for_news(int milliseconds)
{
	struct pollfd polled[2 + MAX_PROGRAMS];
	struct program *which[2 + MAX_PROGRAMS];
	struct signalfd_siginfo info;
	int count = 2, news, i;

	polled[0] = (struct pollfd){ .fd = child_news, .events = POLLIN };
	polled[1] = (struct pollfd){ .fd = keeper, .events = POLLIN };
	for (i = 0; i < program_count; i++)
		if (programs[i].terminal != -1) {
			which[count] = &programs[i];
			polled[count++] = (struct pollfd){ .fd = programs[i].terminal, .events = POLLIN };
		}
	news = poll(polled, (nfds_t)count, milliseconds);
	while (read(child_news, &info, sizeof info) > 0)
		;
	for (i = 2; i < count; i++)
		if (polled[i].revents != 0)
			copy_from_terminal(which[i]);
	return news;
}
