#!/usr/bin/env bash
# The run shown in class: make lab-9
. "$(dirname "$0")/../../common/demo.sh"

scene "shared: the child writes to a page, and it is everybody's"
predict 1
show shared

scene "private: the child writes to a page, and gets a copy of it"
predict 2
predict 3
show private
