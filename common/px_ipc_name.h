/*
 * px_ipc_name.h - the names of a lab's IPC objects: the same for the two programs of one run,
 * different for any two runs, and removable by the next run if this one is killed.
 */
#ifndef PX_IPC_NAME_H
#define PX_IPC_NAME_H

/*
 * The name of a POSIX IPC object: a prefix, and then NAME.
 *
 * The prefix is the environment's PX_IPC_NAME (make lab-N sets one for each run), by default
 * "/ipclab-UID-": one leading slash and no other, as Linux wants it (sem_overview(7)).
 *
 * Returns the name in memory from malloc(): the caller frees it. Returns NULL on an error, with
 * errno EINVAL (NAME is empty or has a slash), ENAMETOOLONG (no object can have a name of more than
 * NAME_MAX - 4 bytes after the slash: sem_open(3)) or ENOMEM.
 */
char *px_ipc_name(const char *name);

/*
 * The same for an object that lives in the file system (a FIFO, a mapped file, the file given to
 * ftok()): the prefix below the directory TMPDIR, by default /tmp. A PX_IPC_NAME that names a
 * directory itself (it has a second slash) is used as it is. Returns as px_ipc_name() does.
 */
char *px_ipc_path(const char *name);

#endif
