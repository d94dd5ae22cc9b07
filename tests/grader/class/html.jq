# The class at a glance, in one file that needs nothing else: points, checks by how often they failed, students.
def h: tostring | @html;
def bar($n; $most): "<td class=bar><i style=\"width:\(if $most > 0 then 100 * $n / $most else 0 end)%\"></i></td>";
. as $class | map(select(.score != null)) as $marked | map(select(.score == null)) as $broken |
([$marked[].max_score] | max // 0) as $full |
(if $full > 20 then ([2, 5, 10, 20, 50, 100] | map(select($full / . <= 20))[0] // 200) else 1 end) as $step |
([$marked[].score / $step | floor] | group_by(.) | map({(.[0] | tostring): length}) | add // {}) as $at |
([$at[]] | max // 0) as $highest |
"<!doctype html>",
"<html lang=en><meta charset=utf-8><meta name=viewport content=\"width=device-width\">",
"<meta http-equiv=Content-Security-Policy content=\"default-src 'none'; style-src 'unsafe-inline'\">",
"<title>\($lab | h): the class</title>",
"<style>",
"body{font:16px/1.4 sans-serif;max-width:70em;margin:1em auto;padding:0 1em;color:#222;background:#fff}",
"table{border-collapse:collapse;margin:.5em 0}td,th{padding:.15em .6em;text-align:left;vertical-align:top;border-bottom:1px solid #ddd}",
"td.n{text-align:right}td.bar{width:20em}td.bar i{display:block;height:1em;background:#37b}",
"pre{white-space:pre-wrap;background:#f4f4f4;padding:.5em;margin:.3em 0}section{border-top:2px solid #37b;margin-top:2em}",
".fail{color:#b00}.pass{color:#070}.skipped{color:#666}.broken{background:#fdd}",
"</style>",
"<h1>\($lab | h)</h1>",
"<p>\($class | length) submissions, \($marked | length) with a mark of at most \($full)" +
	(if $marked != [] then ", median \([$marked[].score] | sort | .[length / 2 | floor])" else "" end) + ". Seed \($class[0].seed // "-" | h).</p>",
(select($broken != []) | "<h2>No mark: the rig is broken</h2>",
	"<p>Nobody is to blame; the same command grades these again.</p><table>",
	($broken[] | "<tr class=broken><td>\(.student | h)<td>\(.remarks | join("; ") | h)"), "</table>"),
"<h2>Points</h2><table><tr><th>points<th>students<th>",
(range(($full / $step | floor); -1; -1) as $i | ($at[$i | tostring] // 0) as $n |
	"<tr><td class=n>\(if $step == 1 then $i else "\($i * $step) to \([$i * $step + $step - 1, $full] | min)" end)<td class=n>\($n)" + bar($n; $highest)), "</table>",
"<h2>What to teach again</h2><table><tr><th>check<th>failed<th><th>what is checked, and its rule",
([$marked[].checks[]] | group_by(.id) | map({id: .[0].id, title: .[0].title, rule: ([.[].rule] | max), all: length,
		failed: (map(select(.verdict == "fail")) | length), behind: (map(select(.verdict == "skipped")) | length)}) | sort_by(-.failed) | .[] |
	"<tr><td>\(.id | h)<td class=n>\(.failed)" + bar(.failed; .all) + "<td>\(.title | h)<br><small>\(.rule | h)" +
	(if .behind > 0 then " (not checked for \(.behind) more)" else "" end) + "</small>"), "</table>",
"<h2>Students</h2><table><tr><th>student<th>points<th><th>status<th>failed",
($class[] | "<tr\(if .score == null then " class=broken" else "" end)><td><a href=\"#\(.id | @uri)\">\(.student | h)</a><td class=n>\(.score // "-")" +
	(if .score != null then bar(.score; .max_score) else "<td>" end) + "<td>\(.status | h)<td>\([.checks[] | select(.verdict == "fail") | .id] | join(", ") | h)"), "</table>",
($class[] | "<section id=\"\(.id | @uri)\"><h2>\(.student | h): \(if .score == null then "no mark" else "\(.score) of \(.max_score)" end)</h2>",
	"<p>\(.status | h). <a href=\"feedback/\(.id | @uri).md\">The feedback as a file</a>. <a href=\"#\">Up</a>.</p>",
	(select(.remarks != []) | "<pre>\(.remarks | join("\n") | h)</pre>"),
	(.checks[] | "<p><b class=\(.verdict)>\(.verdict)</b> \(.points)/\(.max_points) \(.id | h): \(.title | h)" +
		(if .verdict == "fail" then "<br>\(.rule | h)<pre>\(.evidence | h)</pre>\(.hint | h)" elif .verdict == "skipped" then "<br>\(.evidence | h)" else "" end) + "</p>"),
	"</section>")
