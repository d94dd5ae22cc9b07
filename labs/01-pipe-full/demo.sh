#!/usr/bin/env bash
# The run shown in class: make lab-1
. "$(dirname "$0")/../../common/demo.sh"

scene "blocked_writer: nobody reads, and the pipe fills up"
predict 1
show blocked_writer

scene "drained_writer: the parent reads, and the writer goes on"
predict 2
show drained_writer
