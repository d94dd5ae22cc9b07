#!/usr/bin/env bats
# Ctrl-C, SIGTERM and SIGKILL at any moment: nothing is left, or (after SIGKILL) nothing is left after the next run.
load kit

ROUNDS=${ROUNDS:-12} # for each lab

setup() { own_names; }

@test "Ctrl-C at a hundred moments: nothing is left" {
	run -0 alone interrupt INT "$ROUNDS"
	[[ -z $output ]]
}

@test "SIGTERM at a hundred moments: nothing is left" {
	run -0 alone interrupt TERM "$ROUNDS"
	[[ -z $output ]]
}

@test "SIGKILL at a hundred moments: the next run works, and nothing is left" {
	run -0 alone interrupt KILL "$ROUNDS"
	[[ -z $output ]]
}
