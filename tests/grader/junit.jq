# The result as a JUnit file. A failure is the variant's, an error the rig's.
def xml: @html | gsub("[^\\x20-\\x7e\n]"; "?");
"<?xml version=\"1.0\" encoding=\"UTF-8\"?>",
"<testsuite name=\"\(.lab | xml)\" tests=\"\(.checks | length)\" failures=\"\([.checks[] | select(.verdict == "fail")] | length)\" errors=\"\([.checks[] | select(.verdict == "broken")] | length)\" skipped=\"\([.checks[] | select(.verdict == "skipped")] | length)\">",
(.lab as $lab | .checks[] |
	"  <testcase classname=\"\($lab | xml)\" name=\"\(.id | xml): \(.title | xml)\">" +
	(if .verdict == "fail" then "<failure message=\"\(.rule | xml)\">\(.evidence | xml)\n\(.hint | xml)</failure>"
	 elif .verdict == "broken" then "<error message=\"the rig is broken\">\(.evidence | xml)</error>"
	 elif .verdict == "skipped" then "<skipped message=\"\(.evidence | xml)\"/>"
	 else "" end) + "</testcase>"),
"</testsuite>"
