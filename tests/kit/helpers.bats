#!/usr/bin/env bats
# The helpers that all labs share: px_ipc_name, px_ipc_path, err_sys, err_quit.
load kit

setup_file() {
	export HELPERS=$BATS_FILE_TMPDIR
	local flags=(-std=c11 -D_XOPEN_SOURCE=700 -Wall -Wextra -Wpedantic -Wshadow -Werror "-I$KIT/common")
	${CC:-cc} "${flags[@]}" -o "$HELPERS/ipc_name" "$KIT/tests/kit/ipc_name.c" "$KIT/common/px_ipc_name.c"
	cat >"$HELPERS/say.c" <<-'C'
		#include <errno.h>
		#include <stdio.h>
		#include "err_sys.h"
		int main(int argc, char *argv[])
		{
			printf("a line of the story\n");
			errno = ENOENT;
			if (argc > 1)
				err_sys("open %s", argv[1]);
			err_quit("usage: say [%s]", "FILE");
		}
	C
	${CC:-cc} "${flags[@]}" -o "$HELPERS/say" "$HELPERS/say.c" "$KIT/common/err_sys.c"
}

setup() { unset PX_IPC_NAME TMPDIR; }

@test "px_ipc_name: one leading slash, a prefix of the user's, the name" {
	run -0 "$HELPERS/ipc_name" counter
	[[ ${lines[0]} == "/ipclab-$(id -u)-counter" ]]
	[[ ${lines[1]} == "/tmp/ipclab-$(id -u)-counter" ]]
}

@test "px_ipc_name: PX_IPC_NAME is the prefix, TMPDIR the directory of a path" {
	PX_IPC_NAME=/alice- TMPDIR=/var/tmp run -0 "$HELPERS/ipc_name" counter
	[[ ${lines[0]} == /alice-counter && ${lines[1]} == /var/tmp/alice-counter ]]
}

@test "px_ipc_path: a PX_IPC_NAME without a slash is below TMPDIR all the same" {
	PX_IPC_NAME=alice- run -0 "$HELPERS/ipc_name" counter
	[[ ${lines[0]} == alice-counter && ${lines[1]} == /tmp/alice-counter ]]
}

@test "px_ipc_name: a PX_IPC_NAME that is a directory stays one" {
	PX_IPC_NAME=/tmp/ run -0 "$HELPERS/ipc_name" counter
	[[ ${lines[0]} == /tmp/counter && ${lines[1]} == /tmp/counter ]]
}

@test "px_ipc_name: an empty PX_IPC_NAME or TMPDIR is as good as none" {
	PX_IPC_NAME='' TMPDIR='' run -0 "$HELPERS/ipc_name" counter
	[[ ${lines[0]} == "/ipclab-$(id -u)-counter" && ${lines[1]} == "/tmp/ipclab-$(id -u)-counter" ]]
}

@test "px_ipc_name: the name may be as long as sem_open() takes, and no longer" {
	local name
	name=$(printf 'n%.0s' {1..251})
	PX_IPC_NAME=/ run -0 "$HELPERS/ipc_name" "$name"
	[[ ${lines[0]} == "/$name" ]]
	PX_IPC_NAME=/ run -0 "$HELPERS/ipc_name" "${name}n"
	[[ ${lines[0]} == ENAMETOOLONG && ${lines[1]} == ENAMETOOLONG ]]
}

@test "px_ipc_name: a name with a slash, or none at all, is refused" {
	run -0 "$HELPERS/ipc_name" a/b
	[[ ${lines[0]} == EINVAL && ${lines[1]} == EINVAL ]]
	run -0 "$HELPERS/ipc_name" ''
	[[ ${lines[0]} == EINVAL && ${lines[1]} == EINVAL ]]
}

@test "px_ipc_name: no memory is an error, not a crash" {
	run "$HELPERS/ipc_name"
	[[ $status != 77 ]] || skip 'not enough memory to run out of'
	[[ $status == 0 && ${lines[0]} == ENOMEM && ${lines[1]} == ENOMEM ]]
}

@test "err_sys: the call and the reason on stderr, after the story so far, status 1" {
	run -1 --separate-stderr "$HELPERS/say" here
	[[ $output == 'a line of the story' && $stderr == 'open here: No such file or directory' ]]
	run -1 "$HELPERS/say" here
	[[ ${lines[0]} == 'a line of the story' && ${lines[1]} == 'open here: '* ]]
}

@test "err_quit: the message alone on stderr, status 2" {
	run -2 --separate-stderr "$HELPERS/say"
	[[ $output == 'a line of the story' && $stderr == 'usage: say [FILE]' ]]
}
