# The result as TAP 12.
def directive: if .verdict == "skipped" then " # SKIP " + (.evidence | gsub("\n"; " ")) else "" end;
"1..\(.checks | length)",
(.checks | to_entries[] | .key as $n | .value |
	"\(if .verdict == "pass" or .verdict == "skipped" then "ok" else "not ok" end) \($n + 1) \(.id) \(.title)\(directive)",
	(if .verdict == "fail" or .verdict == "broken" then .evidence | split("\n")[] | "# " + . else empty end))
