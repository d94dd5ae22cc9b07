#!/usr/bin/env bash
# The run shown in class: make lab-4
. "$(dirname "$0")/../../common/demo.sh"

scene "killed_writer: nobody can read, the writer is killed"
predict 1
show killed_writer

scene "epipe_writer: the writer ignores the signal, write() fails"
predict 2
show epipe_writer
