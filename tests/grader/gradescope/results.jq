# The result as Gradescope's results.json. A check that this machine cannot make has no points there, won or lost.
def unmade: .verdict == "skipped" and (.evidence | startswith("not checked because") | not);
($hidden | split("\n")) as $hide |
([.checks[].max_points] | add) as $full |
([.checks[] | select(unmade | not) | .max_points] | add // 0) as $checked |
([.checks[].points] | add) as $points |
{
	score: $points,
	execution_time: $time,
	output: ("\(.lab), seed \(.seed)." + (if $missing == "" then "" else "\n" + $missing end) +
		(if $checked < $full then "\nOnly \($checked) of the \($full) points could be checked here." else "" end)),
	output_format: "text",
	visibility: "visible",
	stdout_visibility: "hidden",
	tests: [.lab as $lab | .checks | to_entries[] | .key as $key | .value | {
		name: "\(.id): \(.title)",
		number: "\($key + 1)",
		score: .points,
		max_score: (if unmade then 0 else .max_points end),
		output: (if .verdict == "fail" then "The rule: \(.rule)\nSeen: \(.evidence)\nLook at: \(.hint)\nRead: labs/\($lab)/README.md, \(.sheet)"
			elif .verdict == "skipped" then .evidence else "" end),
		output_format: "text",
		visibility: (if .id | IN($hide[]) then "after_published" else "visible" end)
	} + (if .verdict == "skipped" and unmade then {} else {status: (if .verdict == "pass" then "passed" else "failed" end)} end)]
}
