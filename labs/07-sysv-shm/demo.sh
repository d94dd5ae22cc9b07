#!/usr/bin/env bash
# The run shown in class: make lab-7
. "$(dirname "$0")/../../common/demo.sh"
key_file=${TMPDIR:-/tmp}${PX_IPC_NAME}key

# What a killed writer has left, the next one removes.
clean() {
	[[ ! -e $key_file ]] || "$bin_dir/writer" </dev/null >/dev/null
}

conduct
clean
scene "reader: nothing makes it wait"
predict 1
start_stepwise writer
hear writer
show reader
step writer
show reader
step writer
hear writer
show reader try
step writer
ended writer

scene "writer: killed, it leaves its segment behind"
predict 2
start_stepwise writer
hear writer
step writer
say "demo: kills the writer with SIGKILL"
{ kill -KILL "${pid[writer]}" || true; wait "${pid[writer]}" || true; } 2>/dev/null
ended writer
show reader

scene "reader wait: sleeps until the writer lets it in"
predict 3
start_stepwise writer
hear writer
hear writer
start reader wait
hear reader
hear reader
asleep reader
step writer
step writer
hear writer
ended reader
step writer
ended writer
