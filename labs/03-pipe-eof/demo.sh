#!/usr/bin/env bash
# The run shown in class: make lab-3
. "$(dirname "$0")/../../common/demo.sh"

scene "eof: the writer closes, the reader sees the end"
predict 1
show eof

scene "lost_eof: the reader holds a write end itself"
predict 2
show lost_eof
