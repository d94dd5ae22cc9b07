#!/usr/bin/env bash
# The run shown in class: make lab-8
. "$(dirname "$0")/../../common/demo.sh"

scene "racy: load, let the other run, store"
predict 1
predict 2
show racy

scene "locked: the same, inside a semaphore"
predict 3
show locked
