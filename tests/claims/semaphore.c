/* semaphore.c - what the notes say about semaphores, POSIX and System V, tried. */
#define _GNU_SOURCE
#include "claims.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <pthread.h>
#include <semaphore.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/sem.h>
#include <sys/utsname.h>
#include <sys/wait.h>
#include <unistd.h>

static char name[40]; /* of the semaphore of this experiment */

static void remove_name(int pid)
{
	snprintf(name, sizeof name, "/claims-%d", pid);
	sem_unlink(name);
}

static void choose_name(void)
{
	remove_name(getpid());
	afterwards(remove_name, getpid());
}

static sem_t *named(unsigned value)
{
	sem_t *sem;

	choose_name();
	if ((sem = sem_open(name, O_CREAT | O_EXCL, 0600, value)) == SEM_FAILED)
		cannot("sem_open");
	return sem;
}

/* Memory that children share. */
static void *shared_memory(size_t size)
{
	void *memory = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);

	if (memory == MAP_FAILED)
		cannot("mmap");
	return memory;
}

static sem_t *unnamed(int pshared, unsigned value)
{
	sem_t *sem = shared_memory(sizeof *sem);

	if (sem_init(sem, pshared, value) == -1)
		cannot("sem_init");
	return sem;
}

static int value_of(sem_t *sem)
{
	int value;

	if (sem_getvalue(sem, &value) == -1)
		cannot("sem_getvalue");
	return value;
}

static void wait_for(void *arg)
{
	_exit(sem_wait(arg) == 0 ? 0 : errno);
}

static void post_twice(void *arg)
{
	if (sem_post(arg) == -1 || sem_post(arg) == -1)
		cannot("sem_post");
}

static enum verdict c041(void)
{
	sem_t *sem = unnamed(1, 0);
	int waiter = start(wait_for, sem), blocks = is_asleep(waiter), status;

	saw("value 0: sem_wait %s", blocks ? "sleeps" : "returns");
	sem_post(sem);
	status = status_of(waiter);
	saw("after sem_post it returns, the value is %d", value_of(sem));
	return confirmed_if(blocks && status == 0 && value_of(sem) == 0);
}

static enum verdict c042(void)
{
	sem_t *sem = unnamed(0, 1);
	int at_one = sem_trywait(sem), at_zero = sem_trywait(sem);

	saw("value 1: %s, value 0: %s", at_one == 0 ? "ok" : "fails", outcome(at_zero));
	return confirmed_if(at_one == 0 && at_zero == -1 && errno == EAGAIN);
}

struct interrupted {
	sem_t gate, handler_ran;
	int flags;
};

static struct interrupted *interrupted;

static void tell_it_ran(int sig)
{
	(void)sig;
	sem_post(&interrupted->handler_ran);
}

static void wait_with_handler(void *arg)
{
	struct sigaction action = { .sa_handler = tell_it_ran };

	interrupted = arg;
	action.sa_flags = interrupted->flags;
	sigaction(SIGUSR1, &action, NULL);
	wait_for(&interrupted->gate);
}

/* What sem_wait() gives if a handler with these FLAGS runs while it sleeps: 0 or an errno. */
static int wait_result(int flags)
{
	struct interrupted *both = shared_memory(sizeof *both);
	int waiter;

	both->flags = flags;
	if (sem_init(&both->gate, 1, 0) == -1 || sem_init(&both->handler_ran, 1, 0) == -1)
		cannot("sem_init");
	waiter = start(wait_with_handler, both);
	is_asleep(waiter);
	kill(waiter, SIGUSR1);
	while (sem_wait(&both->handler_ran) == -1)
		continue;
	sem_post(&both->gate);
	return WEXITSTATUS(status_of(waiter));
}

static enum verdict c043(void)
{
	int plain = wait_result(0), restarted = wait_result(SA_RESTART);

	saw("handler without SA_RESTART: %s", plain == EINTR ? "EINTR" : "waits on");
	saw("with SA_RESTART: %s", restarted == EINTR ? "EINTR" : "waits on");
	return weigh(plain == EINTR || restarted == EINTR, plain == 0 || restarted == 0);
}

static enum verdict c044(void)
{
	sem_t *sem = unnamed(0, SEM_VALUE_MAX);
	int result = sem_post(sem);

	saw("value %d, sem_post: %s", SEM_VALUE_MAX, outcome(result));
	return confirmed_if(result == -1 && errno == EOVERFLOW && value_of(sem) == SEM_VALUE_MAX);
}

static enum verdict c045(void)
{
	enum { WAITERS = 3 };
	sem_t *sem = unnamed(1, 0);
	int i;

	for (i = 0; i < WAITERS; i++)
		is_asleep(start(wait_for, sem));
	saw("%d processes wait: sem_getvalue gives %d; POSIX allows 0 or -%d", WAITERS, value_of(sem),
	    WAITERS);
	return value_of(sem) == 0 || value_of(sem) == -WAITERS ? DEPENDS : REFUTED;
}

static enum verdict c046(void)
{
	sem_t sem;
	unsigned value = _POSIX_SEM_VALUE_MAX + 1U;
	int above = sem_init(&sem, 0, value), too_much = sem_init(&sem, 0, (unsigned)SEM_VALUE_MAX + 1);

	saw("initial value %u: %s", value, above == 0 ? "ok" : "fails");
	saw("SEM_VALUE_MAX + 1, %u: %s", (unsigned)SEM_VALUE_MAX + 1, outcome(too_much));
	saw("sem_open with %u too: value %d", value, value_of(named(value)));
	return confirmed_if(above == -1);
}

static enum verdict c047(void)
{
	int opened = 0;

	choose_name();
	/* Each gives its name up at once, for the next one. */
	while (opened < 1000 && sem_open(name, O_CREAT | O_EXCL, 0600, 0) != SEM_FAILED) {
		sem_unlink(name);
		opened++;
	}
	saw("_POSIX_SEM_NSEMS_MAX %d, sysconf %ld, held open at once: %d", _POSIX_SEM_NSEMS_MAX,
	    sysconf(_SC_SEM_NSEMS_MAX), opened);
	return confirmed_if(_POSIX_SEM_NSEMS_MAX >= 256 && opened >= _POSIX_SEM_NSEMS_MAX);
}

static enum verdict c048(void)
{
	int is_int = _Generic((sem_t *)NULL, int * : 1, default : 0);

	saw("sizeof (sem_t) is %zu, sizeof (int) %zu", sizeof(sem_t), sizeof(int));
	saw("sem_t is %s", is_int ? "int" : "another type");
	return confirmed_if(is_int);
}

static enum verdict c049(void)
{
	sem_t *sem;

	choose_name();
	sem = sem_open(name, 0);
	saw("sem_open of a name that does not exist: %s, %s",
	    sem == SEM_FAILED ? "SEM_FAILED" : "not SEM_FAILED", outcome(-1));
	return confirmed_if(sem == SEM_FAILED && errno == ENOENT);
}

static enum verdict c050(void)
{
	sem_t *sem;

	choose_name();
	sem = sem_open(name, 0);
	saw("a sem_open that fails returns %s", sem == NULL ? "NULL" : "something else than NULL");
	saw("SEM_FAILED is %s in this library; POSIX does not say what it is",
	    SEM_FAILED == NULL ? "NULL" : "not NULL");
	return sem == NULL ? DEPENDS : REFUTED;
}

static enum verdict c051(void)
{
	sem_t *sem = named(1), *read_only = sem_open(name, O_RDONLY);
	int posted;

	if (read_only == SEM_FAILED) {
		saw("O_RDONLY: %s", outcome(-1));
		return confirmed_if(errno == EACCES);
	}
	posted = sem_post(read_only);
	saw("O_RDONLY: no error, and it can be posted (%s, value %d): the flag is ignored", outcome(posted),
	    value_of(sem));
	return posted == 0 ? DEPENDS : REFUTED;
}

static enum verdict c052(void)
{
	sem_t *sem = named(5);
	int gone, usable;

	if (sem_unlink(name) == -1)
		cannot("sem_unlink");
	gone = sem_open(name, 0) == SEM_FAILED && errno == ENOENT;
	usable = sem_post(sem) == 0 && value_of(sem) == 6;
	saw("after sem_unlink: the name is %s, the open semaphore %s", gone ? "gone" : "still there",
	    usable ? "works" : "does not");
	return confirmed_if(gone && usable);
}

static enum verdict c053(void)
{
	sem_t *sem = named(1);
	int by_pointer = sem_unlink((const char *)sem), error = errno;
	int still_there = sem_open(name, 0) != SEM_FAILED;

	errno = error;
	saw("sem_unlink given the pointer: %s, the semaphore is %s", outcome(by_pointer),
	    still_there ? "still there" : "gone");
	saw("given the name: %s", outcome(sem_unlink(name)));
	return confirmed_if(by_pointer == 0 && !still_there);
}

static void make_it_and_wait(void *arg)
{
	if (sem_open(arg, O_CREAT | O_EXCL, 0600, 4) == SEM_FAILED)
		cannot("sem_open");
	pause();
}

static enum verdict c054(void)
{
	sem_t *sem;
	int creator;

	choose_name();
	creator = start(make_it_and_wait, name);
	is_asleep(creator);
	kill(creator, SIGKILL);
	status_of(creator);
	sem = sem_open(name, 0);
	saw("its creator killed without sem_close: sem_open %s", outcome(sem == SEM_FAILED ? -1 : 0));
	if (sem != SEM_FAILED)
		saw("value %d", value_of(sem));
	return confirmed_if(sem != SEM_FAILED && value_of(sem) == 4);
}

/* Does a child wait for, and post to, the very semaphore that was opened before the fork? Its name is gone.
 */
static int child_has_it(void)
{
	sem_t *sem = named(0);
	int waiter, woken;

	sem_unlink(name);
	waiter = start(wait_for, sem);
	woken = is_asleep(waiter) && sem_post(sem) == 0 && !is_asleep(waiter) && status_of(waiter) == 0;
	saw("a child that called no sem_open was %s by a post here", woken ? "woken" : "not woken");
	child_status(post_twice, sem);
	saw("two posts of a child: the value here is %d", value_of(sem));
	return woken && value_of(sem) == 2;
}

static enum verdict c055(void)
{
	return confirmed_if(!child_has_it());
}

static enum verdict c056(void)
{
	return confirmed_if(child_has_it());
}

static enum verdict c057(void)
{
	static sem_t private;
	sem_t *shared = unnamed(1, 0);

	if (sem_init(&private, 1, 0) == -1)
		cannot("sem_init");
	child_status(post_twice, &private);
	child_status(post_twice, shared);
	saw("two posts of a child: value %d here if it lies in ordinary memory, %d in shared memory",
	    value_of(&private), value_of(shared));
	return confirmed_if(value_of(&private) == 0 && value_of(shared) == 2);
}

/* Is a process that waits in sem_wait() woken by a post of another one? */
static int wakes_other_process(int pshared)
{
	sem_t *sem = unnamed(pshared, 0);
	int waiter = start(wait_for, sem);

	if (!is_asleep(waiter))
		cannot("sem_wait");
	sem_post(sem);
	return !is_asleep(waiter);
}

static enum verdict c058(void)
{
	int woken = wakes_other_process(1);

	saw("unnamed, in shared memory, pshared 1: a waiting process was %s by another's post",
	    woken ? "woken" : "not woken");
	return confirmed_if(!woken);
}

static void *wait_in_thread(void *arg)
{
	sem_wait(arg);
	return NULL;
}

static enum verdict c059(void)
{
	sem_t *sem = unnamed(0, 0);
	pthread_t thread;
	int of_processes = wakes_other_process(1), of_threads = wakes_other_process(0);

	if ((errno = pthread_create(&thread, NULL, wait_in_thread, sem)) != 0)
		cannot("pthread_create");
	sem_post(sem);
	pthread_join(thread, NULL);
	saw("pshared 0: a thread goes on after a post");
	saw("a process that waits in the same memory is %s", of_threads ? "woken" : "not woken");
	saw("pshared 1: it is %s", of_processes ? "woken" : "not woken");
	return confirmed_if(of_processes && !of_threads);
}

/* The pages of memory that this process has for itself. */
static long data_pages(void)
{
	FILE *in = fopen("/proc/self/statm", "r");
	long pages;

	if (in == NULL || fscanf(in, "%*d %*d %*d %*d %*d %ld", &pages) != 1)
		cannot("/proc/self/statm");
	fclose(in);
	return pages;
}

static enum verdict c060(void)
{
	enum { SEMAPHORES = 100000 };
	long before = data_pages(), growth;
	sem_t *sem;
	int i;

	for (i = 0; i < SEMAPHORES; i++) {
		if ((sem = malloc(sizeof *sem)) == NULL || sem_init(sem, 0, 1) == -1)
			cannot("sem_init");
		free(sem);
	}
	growth = data_pages() - before;
	saw("%d semaphores made and never destroyed, their own memory freed: %ld KiB more in use", SEMAPHORES,
	    growth * sysconf(_SC_PAGESIZE) / 1024);
	saw("POSIX wants sem_destroy()");
	return growth * sysconf(_SC_PAGESIZE) >= SEMAPHORES ? CONFIRMED : DEPENDS;
}

static enum verdict c061(void)
{
	sem_t *sem = unnamed(1, 0);
	int waiter, reset, woken;

	sem_init(sem, 1, 9);
	reset = value_of(sem) == 9;
	saw("initialised again while nobody waits: value %d", value_of(sem));
	sem_init(sem, 1, 0);
	waiter = start(wait_for, sem);
	is_asleep(waiter);
	sem_init(sem, 1, 0);
	sem_post(sem);
	woken = !is_asleep(waiter);
	saw("while a process waits: a post %s", woken ? "wakes it" : "does not wake it any more");
	return weigh(!reset || !woken, reset || woken);
}

static enum verdict c062(void)
{
	sem_t *sem = unnamed(0, 1);
	int i, highest = 1;

	for (i = 0; i < 100; i++) {
		sem_wait(sem);
		sem_post(sem);
		if (value_of(sem) > highest)
			highest = value_of(sem);
	}
	saw("100 times sem_wait then sem_post: at most %d", highest);
	sem_post(sem);
	saw("a post too many: %d", value_of(sem));
	return weigh(highest == 1, value_of(sem) > 1);
}

static void signal_then_wait(void *arg)
{
	pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
	pthread_cond_t condition = PTHREAD_COND_INITIALIZER;

	(void)arg;
	pthread_cond_signal(&condition);
	pthread_mutex_lock(&mutex);
	pthread_cond_wait(&condition, &mutex);
}

static void post_then_wait(void *arg)
{
	sem_post(arg);
	sem_wait(arg);
}

static enum verdict c063(void)
{
	int signal_lost = is_asleep(start(signal_then_wait, NULL));
	int post_lost = is_asleep(start(post_then_wait, unnamed(1, 0)));

	saw("pthread_cond_signal, then pthread_cond_wait: %s", signal_lost ? "sleeps" : "returns");
	saw("sem_post, then sem_wait: %s", post_lost ? "sleeps" : "returns");
	return confirmed_if(signal_lost && !post_lost);
}

static void *unlock(void *arg)
{
	pthread_mutex_t *mutex = arg;

	return pthread_mutex_unlock(mutex) == 0 ? NULL : arg;
}

/* Can a thread unlock a mutex of this type that another thread locked? */
static int unlocks_from_another_thread(int type)
{
	pthread_mutexattr_t attributes;
	pthread_mutex_t mutex;
	pthread_t thread;
	void *failed;

	pthread_mutexattr_init(&attributes);
	pthread_mutexattr_settype(&attributes, type);
	pthread_mutex_init(&mutex, &attributes);
	pthread_mutex_lock(&mutex);
	if ((errno = pthread_create(&thread, NULL, unlock, &mutex)) != 0)
		cannot("pthread_create");
	pthread_join(thread, &failed);
	return failed == NULL && pthread_mutex_trylock(&mutex) == 0;
}

static enum verdict c064(void)
{
	int usual = unlocks_from_another_thread(PTHREAD_MUTEX_DEFAULT);
	int checked = unlocks_from_another_thread(PTHREAD_MUTEX_ERRORCHECK);

	saw("another thread unlocks: default type %s", usual ? "ok, unlocked" : "fails");
	saw("PTHREAD_MUTEX_ERRORCHECK %s", checked ? "ok, unlocked" : "fails");
	return weigh(!usual || !checked, usual || checked);
}

struct room {
	sem_t places, exit;
	atomic_int inside;
};

static void visit(void *arg)
{
	struct room *room = arg;

	sem_wait(&room->places);
	atomic_fetch_add(&room->inside, 1);
	sem_wait(&room->exit);
	atomic_fetch_sub(&room->inside, 1);
	sem_post(&room->places);
}

static enum verdict c065(void)
{
	enum { VISITORS = 10, PLACES = 3 };
	struct room *room = shared_memory(sizeof *room);
	int visitors[VISITORS], i, inside;

	if (sem_init(&room->places, 1, PLACES) == -1 || sem_init(&room->exit, 1, 0) == -1)
		cannot("sem_init");
	for (i = 0; i < VISITORS; i++)
		visitors[i] = start(visit, room);
	for (i = 0; i < VISITORS; i++)
		is_asleep(visitors[i]);
	inside = atomic_load(&room->inside);
	for (i = 0; i < VISITORS; i++)
		sem_post(&room->exit);
	for (i = 0; i < VISITORS; i++)
		status_of(visitors[i]);
	saw("value %d, %d processes that stay inside until told: %d inside, the others sleep", PLACES,
	    VISITORS, inside);
	return confirmed_if(inside == PLACES && atomic_load(&room->inside) == 0);
}

static enum verdict c066(void)
{
	static const char program[] =
		"printf '#include <pthread.h>\\n#include <semaphore.h>\\n"
		"static void *f(void *p) { return sem_post(p) ? p : 0; }\\n"
		"int main(void) { sem_t s; pthread_t t;\\n"
		"return sem_init(&s, 0, 0) || pthread_create(&t, 0, f, &s) || sem_wait(&s) ||"
		" pthread_join(t, 0); }\\n' >x.c";
	char answer[200], version[60] = "";
	int links;

	if (shell("${CC:-cc} --version", answer, sizeof answer) != 0)
		return untested("needs a C compiler");
	shell(program, answer, sizeof answer);
	links = shell("${CC:-cc} -o x x.c 2>/dev/null && ./x", answer, sizeof answer) == 0;
	confstr(_CS_GNU_LIBC_VERSION, version, sizeof version);
	saw("%s: without -pthread it %s", version, links ? "links and runs" : "does not");
	if (!links)
		return CONFIRMED;
	saw("libpthread is part of libc since glibc 2.34");
	return strncmp(version, "glibc ", 6) == 0 && atof(version + 6) >= 2.34 ? DEPENDS : REFUTED;
}

static sem_t *posted_by_handler;
static pthread_mutex_t locked_by_handler = PTHREAD_MUTEX_INITIALIZER;

static void post_in_handler(int sig)
{
	(void)sig;
	sem_post(posted_by_handler);
}

static void lock_in_handler(int sig)
{
	(void)sig;
	pthread_mutex_lock(&locked_by_handler);
}

static void wait_for_handler_to_post(void *arg)
{
	posted_by_handler = arg;
	signal(SIGUSR1, post_in_handler);
	wait_for(arg);
}

static void lock_and_lock_in_handler(void *arg)
{
	(void)arg;
	signal(SIGUSR1, lock_in_handler);
	pthread_mutex_lock(&locked_by_handler);
	raise(SIGUSR1);
}

static enum verdict c067(void)
{
	sem_t *sem = unnamed(1, 0);
	int waiter = start(wait_for_handler_to_post, sem), posts, hangs;

	is_asleep(waiter);
	kill(waiter, SIGUSR1);
	posts = !is_asleep(waiter) && status_of(waiter) == 0;
	hangs = is_asleep(start(lock_and_lock_in_handler, NULL));
	saw("sem_post in the handler that interrupts sem_wait: sem_wait %s",
	    posts ? "returns" : "does not return");
	saw("pthread_mutex_lock in the handler that interrupts the owner: %s",
	    hangs ? "sleeps for ever" : "returns");
	return confirmed_if(posts && hangs);
}

static enum verdict c068(void)
{
	struct utsname system;
	sem_t sem;
	int result;

	if (uname(&system) == -1 || strcmp(system.sysname, "Darwin") != 0)
		return untested("needs macOS, this is %s", system.sysname);
	result = sem_init(&sem, 0, 0);
	saw("sem_init: %s", outcome(result));
	return confirmed_if(result == -1 && errno == ENOSYS);
}

struct demonstration {
	const char *semaphore;
	int *counter;
};

static void count_to_1000(void *arg)
{
	struct demonstration *demonstration = arg;
	sem_t *sem = sem_open(demonstration->semaphore, O_CREAT, 0600, 1);
	int i;

	if (sem == SEM_FAILED)
		_exit(errno);
	for (i = 0; i < 1000; i++) {
		sem_wait(sem);
		++*demonstration->counter;
		sem_post(sem);
	}
}

/* Two processes count to 1000 each, under a semaphore of this name. */
static int counts_to_2000(const char *semaphore, const char *called)
{
	struct demonstration demonstration = { semaphore, shared_memory(sizeof(int)) };
	int other = start(count_to_1000, &demonstration),
	    status = child_status(count_to_1000, &demonstration);

	status_of(other);
	errno = WEXITSTATUS(status);
	saw("%s: sem_open %s, counted to %d", called, outcome(status == 0 ? 0 : -1), *demonstration.counter);
	sem_unlink(semaphore);
	return *demonstration.counter == 2000;
}

static enum verdict c069(void)
{
	char as_written[50];
	int with_slash, without;

	choose_name();
	snprintf(as_written, sizeof as_written, "/tmp%s", name);
	with_slash = counts_to_2000(as_written, "as /tmp/mysem");
	without = counts_to_2000(name, "as /mysem");
	return weigh(with_slash || without, !with_slash || !without);
}

static void remove_set(int id)
{
	semctl(id, 0, IPC_RMID);
}

/* A set of that many System V semaphores: its identifier, or -1. */
static int new_set(int count)
{
	int id = semget(IPC_PRIVATE, count, 0600);

	if (id != -1)
		afterwards(remove_set, id);
	return id;
}

static enum verdict c291(void)
{
	int most = 0, above, more_than_25 = new_set(26);
	FILE *in = fopen("/proc/sys/kernel/sem", "r");

	if (in == NULL || fscanf(in, "%d", &most) != 1)
		cannot("/proc/sys/kernel/sem");
	fclose(in);
	above = new_set(most + 1);
	saw("a set of %d: %s", most + 1, outcome(above));
	saw("a set of 26: %s", more_than_25 == -1 ? "fails" : "ok");
	saw("the limit is the first figure of kernel.sem: %d", most);
	return weigh(above == -1, more_than_25 != -1);
}

static void take_both_and_wait(void *arg)
{
	struct sembuf with_undo = { 0, -1, SEM_UNDO }, without = { 1, -1, 0 };

	if (semop(*(int *)arg, &with_undo, 1) == -1 || semop(*(int *)arg, &without, 1) == -1)
		cannot("semop");
	pause();
}

static enum verdict c292(void)
{
	struct sembuf posts[] = { { 0, 1, 0 }, { 1, 1, 0 } };
	int id = new_set(2), holder, with_undo, without;

	if (id == -1 || semop(id, posts, 2) == -1)
		cannot("semget, semop");
	holder = start(take_both_and_wait, &id);
	is_asleep(holder);
	kill(holder, SIGKILL);
	status_of(holder);
	with_undo = semctl(id, 0, GETVAL);
	without = semctl(id, 1, GETVAL);
	saw("a process that took 1 from each was killed: value %d with SEM_UNDO, %d without", with_undo,
	    without);
	return confirmed_if(with_undo == 1 && without == 0);
}

static const struct claim claims[] = {
	{ "C041", "8", "sem_wait() blocks while the value is 0, then takes one off", CONFIRMED, c041 },
	{ "C042", "8", "sem_trywait() on value 0 fails with EAGAIN instead of blocking", CONFIRMED, c042 },
	{ "C043", "8", "A signal makes sem_wait() return early, with EINTR", DEPENDS, c043 },
	{ "C044", "8", "sem_post() cannot raise the value above the maximum", CONFIRMED, c044 },
	{ "C045", "8", "While processes wait, sem_getvalue() gives 0 or minus their number", DEPENDS, c045 },
	{ "C046", "8", "The initial value may be at most _POSIX_SEM_VALUE_MAX (32767)", REFUTED, c046 },
	{ "C047", "8", "A process can have at least 256 semaphores open (_POSIX_SEM_NSEMS_MAX)", CONFIRMED,
	  c047 },
	{ "C048", "8", "sem_t is another name for int", REFUTED, c048 },
	{ "C049", "8", "sem_open() returns SEM_FAILED on an error", CONFIRMED, c049 },
	{ "C050", "8", "Comparing the result of sem_open() with NULL finds the error", DEPENDS, c050 },
	{ "C051", "8", "Access modes in the flags of sem_open() end in EACCES where they are not supported",
	  DEPENDS, c051 },
	{ "C052", "8", "sem_unlink() removes the name at once, an open semaphore when it is closed",
	  CONFIRMED, c052 },
	{ "C053", "8", "sem_unlink() takes the pointer that sem_open() returned", REFUTED, c053 },
	{ "C054", "8", "A named semaphore stays, with its value, when its process ends", CONFIRMED, c054 },
	{ "C055", "8", "A child does not inherit semaphores", REFUTED, c055 },
	{ "C056", "8", "A semaphore opened before fork() is open in the child, too", CONFIRMED, c056 },
	{ "C057", "8", "An unnamed semaphore works for a child only if it lies in shared memory", CONFIRMED,
	  c057 },
	{ "C058", "8", "Unnamed semaphores serve one process; between processes they need a name", REFUTED,
	  c058 },
	{ "C059", "8", "pshared 0 is for the threads of one process, 1 for several processes", CONFIRMED,
	  c059 },
	{ "C060", "8", "Only sem_destroy() gives back the memory of a semaphore", DEPENDS, c060 },
	{ "C061", "8", "Initialising a semaphore again has an undefined result", DEPENDS, c061 },
	{ "C062", "8", "A binary semaphore has no other values than 0 and 1", DEPENDS, c062 },
	{ "C063", "8", "A post is remembered; a condition signal that nobody waits for is lost", CONFIRMED,
	  c063 },
	{ "C064", "8", "Only the thread that locked a mutex can unlock it", DEPENDS, c064 },
	{ "C065", "8", "A semaphore counts, atomically, how many more may use a resource", CONFIRMED, c065 },
	{ "C066", "8", "A program with semaphores has to be compiled with -pthread", DEPENDS, c066 },
	{ "C067", "8", "sem_post() may be called in a signal handler, other synchronisation calls may not",
	  CONFIRMED, c067 },
	{ "C068", "8", "macOS has no unnamed semaphores", UNTESTED, c068 },
	{ "C069", "8", "Two processes count to 2000 with a semaphore named /tmp/mysem", DEPENDS, c069 },
	{ "C291", "7", "A set of System V semaphores has at most about 25", DEPENDS, c291 },
	{ "C292", "7", "With System V semaphores a program chooses whether its end undoes what it did",
	  CONFIRMED, c292 },
};

int main(int argc, char *argv[])
{
	return try_claims(argc, argv, claims, sizeof claims / sizeof *claims);
}
