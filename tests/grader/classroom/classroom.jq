# The result as the autograding reporter takes it. A check that the machine cannot make is left out, and its points with it.
def harmless: gsub("[^ -~]"; " ") | gsub("::"; ": :") | gsub("::"; ": :") | gsub("##\\["; "## [");
{
	version: 1,
	status: (if all(.checks[]; .verdict == "pass" or .verdict == "skipped") and .score == .max_score then "pass" else "fail" end),
	max_score: .max_score,
	tests: [.checks[] | select(.verdict != "skipped" or (.evidence | startswith("not checked because"))) | {
		name: "\(.id): \(.title)" | harmless,
		status: (if .verdict == "pass" then "pass" else "fail" end),
		score: .points,
		message: (if .verdict == "pass" then "" else "\(.rule) Seen: \(.evidence) Look at: \(.hint)" | harmless end),
		test_code: "",
		filename: "",
		line_no: 0,
		duration: 0
	}]
}
