# One student's result as Markdown. What a student can have written stands in indented blocks, where it is only text.
def block: split("\n") | map("    " + .) | join("\n");
def line: gsub("[^ -~]"; "?");
"# \(.lab): \(if .score == null then "no mark" else "\(.score) of \(.max_score) points" end)",
"",
(.student | line | block),
"",
(if .status == "broken" then "The grader itself failed. This says nothing about the programs: they will be graded again."
 elif .status == "empty" then "There was nothing to grade in what was handed in."
 elif .status == "refused" then "The archive was refused; hand in a new one."
 elif .status == "does not build" then "No program could be built: the first failed check has the compiler's message."
 elif .status == "builds in part" then "Not every program could be built."
 else empty end, ""),
(select(.remarks != []) | "Remarks:", "", (.remarks | map(line | block) | join("\n")), ""),
(select(.checks != []) |
	"| check | points | |", "| --- | --- | --- |",
	(.checks[] | "| \(.id) | \(.points)/\(.max_points) | \(.verdict): \(.title) |"), ""),
(.lab as $lab | .seed as $seed | ($lab | split("-")[0] | tonumber) as $n | .checks[] | select(.verdict == "fail") |
	"## \(.id): \(.title)", "", "**Rule.** \(.rule)", "", "**Seen.**", "", (.evidence | block), "", "**Look at.** \(.hint)", "",
	"Read labs/\($lab)/README.md, \"\(.sheet)\"; repeat with `make grade-\($n) VARIANT=dir CHECK=\(.id) SEED=\($seed)`.", ""),
(select(any(.checks[]; .verdict == "skipped")) | "## Not checked", "",
	(.checks[] | select(.verdict == "skipped") | "- \(.id): \(.evidence | line)"))
