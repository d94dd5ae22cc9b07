#!/usr/bin/env bash
# The run shown in class: make lab-5
. "$(dirname "$0")/../../common/demo.sh"

scene "count_blocking: 1 byte at a time, until write() blocks"
predict 1
show count_blocking 1

scene "count_blocking: just over half a page at a time, then just over a page"
predict 2
show count_blocking 2049
show count_blocking 4097

scene "count_nonblocking: the same counts by another method, and what the pipe says of itself"
show count_nonblocking 1
show count_nonblocking 2049
show count_nonblocking 4097

scene "ulimit -p: what the shell calls the pipe size"
predict 3
echo "shell: ulimit -p says $(ulimit -p), in units of 512 bytes: $(($(ulimit -p) * 512)) bytes"
