#!/usr/bin/env bash
# The run shown in class: make lab-6
. "$(dirname "$0")/../../common/demo.sh"
fifo=${TMPDIR:-/tmp}${PX_IPC_NAME}fifo

gone() {
	[[ ! -e $fifo ]] || return
	say "demo: the FIFO is gone"
}

conduct
scene "client: started first, it waits for a server"
predict 1
start client hello
hear client "client: * waits for a server"
asleep client
start server
hear server "server: waits *"
hear client "client: sends *"
hear server "server: received *"
ended client

scene "server: serves one client after another"
predict 2
for messages in "one two" "three"; do
	# shellcheck disable=SC2086 # each word is a message
	start client $messages
	for _ in $messages; do hear client "client: sends *"; done
	for _ in $messages; do hear server "server: received *"; done
	ended client
done
asleep server

scene "server: ends when a client or a signal says so"
predict 3
start client quit
hear client "client: sends *"
hear server "server: received *"
hear server "server: ends*"
ended client
ended server
gone
start server
hear server "server: waits *"
say "demo: sends SIGTERM"
kill "${pid[server]}"
hear server "server: ends*"
ended server
gone
