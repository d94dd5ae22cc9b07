# The class as a table. A cell that a spreadsheet would take for a formula gets an apostrophe.
def cell: if type == "string" and test("^[=+@\t\r-]") then "'" + . else . end;
([.[].checks[].id] | unique) as $ids | (map(select(.checks != []))[0].checks // [] | map(.id)) as $order |
($order + ($ids - $order)) as $columns |
(["student", "status", "score", "max_score"] + $columns + ["remarks"]),
(.[] | (.checks | map({(.id): (if .verdict == "skipped" and (.evidence | startswith("not checked because") | not) then "" else .points end)}) | add // {}) as $points |
	[.student, .status, .score, .max_score] + [$columns[] as $c | $points[$c] // ""] + [.remarks | join("; ")] | map(cell)) | @csv
