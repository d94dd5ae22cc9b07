# The class as a JUnit file: a suite a student, a case a check. A failure is the student's, an error the rig's.
def xml: gsub("[^\\x20-\\x7e\n]"; "?") | @html;
"<?xml version=\"1.0\" encoding=\"UTF-8\"?>",
"<testsuites>",
(.[] |
	"  <testsuite name=\"\(.student | xml)\" tests=\"\([1, (.checks | length)] | max)\" failures=\"\([.checks[] | select(.verdict == "fail")] | length)\" errors=\"\(if .status == "broken" then 1 else 0 end)\" skipped=\"\([.checks[] | select(.verdict == "skipped")] | length)\">",
	(if .status == "broken" then "    <testcase name=\"the rig\"><error message=\"the rig is broken: no mark\">\(.remarks | join("\n") | xml)</error></testcase>" else empty end),
	(.id as $id | .checks[] |
		"    <testcase classname=\"\($id | xml)\" name=\"\(.id | xml): \(.title | xml)\">" +
		(if .verdict == "fail" then "<failure message=\"\(.rule | xml)\">\(.evidence | xml)\n\(.hint | xml)</failure>"
		 elif .verdict == "skipped" then "<skipped message=\"\(.evidence | xml)\"/>" else "" end) + "</testcase>"),
	"  </testsuite>"),
"</testsuites>"
