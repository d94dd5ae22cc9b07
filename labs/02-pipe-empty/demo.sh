#!/usr/bin/env bash
# The run shown in class: make lab-2
. "$(dirname "$0")/../../common/demo.sh"

scene "blocked_reader: nobody writes, and the reader waits"
predict 1
show blocked_reader

scene "short_reader: the reader asks for more than there is"
predict 2
predict 3
show short_reader
