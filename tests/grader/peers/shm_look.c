/*
 * shm_look.c - what there is under the key that KEYFILE gives: the segment, and the lock on the file.
 *
 * usage: shm_look KEYFILE [TEXT]
 *
 *   segment id=N size=N mode=N nattch=N memory=N      or: segment none
 *   stored=N zeros=N beyond=N     with TEXT: copies of it from the start, zeros to the end, then bytes behind the
 *                                 end, in its last page, that are not zero
 *   lock write|read|none whole|part
 */
#define _GNU_SOURCE
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/shm.h>
#include <unistd.h>

static unsigned long memory_of(int id)
{
	FILE *list = fopen("/proc/sysvipc/shm", "r");
	unsigned long resident = 0, swapped = 0;
	char line[512];
	int n = -1;

	if (list == NULL)
		return 0;
	while (n != id && fgets(line, sizeof line, list) != NULL)
		sscanf(line, "%*d %d %*o %*u %*u %*u %*u %*u %*u %*u %*u %*u %*u %*u %lu %lu", &n, &resident,
		       &swapped);
	fclose(list);
	return resident + swapped;
}

static void look_inside(int id, size_t size, const char *text)
{
	size_t length = strlen(text), page = (size_t)sysconf(_SC_PAGESIZE), stored, zeros, beyond = 0, i;
	const char *bytes = shmat(id, NULL, SHM_RDONLY);

	if (bytes == (void *)-1) {
		perror("shmat");
		return;
	}
	for (stored = 0; stored < size && bytes[stored] == text[stored % length]; stored++)
		;
	for (zeros = stored; zeros < size && bytes[zeros] == '\0'; zeros++)
		;
	for (i = size; i % page != 0; i++)
		beyond += bytes[i] != '\0';
	printf("stored=%zu zeros=%zu beyond=%zu\n", stored, zeros - stored, beyond);
}

static void look_at_lock(const char *path)
{
	struct flock lock = { .l_type = F_WRLCK, .l_whence = SEEK_SET };
	int file = open(path, O_RDWR);

	if (file == -1 || fcntl(file, F_GETLK, &lock) == -1)
		printf("lock none: no file\n");
	else if (lock.l_type == F_UNLCK)
		printf("lock none\n");
	else
		printf("lock %s %s\n", lock.l_type == F_WRLCK ? "write" : "read",
		       lock.l_start == 0 && (lock.l_len == 0 || lock.l_len > 1 << 20) ? "whole" : "part");
}

int main(int argc, char *argv[])
{
	struct shmid_ds state;
	key_t key;
	int id;

	if (argc < 2)
		return 2;
	if ((key = ftok(argv[1], 7)) == -1) {
		printf("segment none: no file %s\n", argv[1]);
	} else if ((id = shmget(key, 0, 0)) == -1 || shmctl(id, IPC_STAT, &state) == -1) {
		printf("segment none: nothing under the key of %s, %#x\n", argv[1], (unsigned)key);
	} else {
		printf("segment id=%d size=%zu mode=%#o nattch=%lu memory=%lu\n", id, state.shm_segsz,
		       state.shm_perm.mode & 0777U, (unsigned long)state.shm_nattch, memory_of(id));
		if (argc > 2 && *argv[2] != '\0')
			look_inside(id, state.shm_segsz, argv[2]);
	}
	look_at_lock(argv[1]);
	return 0;
}
