# include.awk - a deck with everything in it: what it takes from the labs is put in place of the link that names it.
#
# usage: awk -v pictures=DIR -f include.awk DECK.md        in the top directory of the kit
#
# A link with a title, alone on its line, is replaced. The title says by what, and perhaps by which lines of it:
#
#     [text](../labs/03-pipe-eof/eof.c "function read_to_eof")
#     [text](../labs/03-pipe-eof/eof.c "function main | default: .. read_to_eof | mark close(fds[1])")
#
#     function NAME   of a C file
#     question N      of a lab sheet, section Predict
#     scene HEADLINE  of a lab sheet, section Run: the scene whose headline begins so
#     bullet START    of a lab sheet: the item of a list that begins so
#     claim ID        of the page of claims
#     picture NAME    of a lab's directory: DIR/LAB-NAME.svg, from common/trace
#     | FROM .. TO    only the lines from the first one with FROM in it to the next one with TO in it ("end": the last)
#     | TEXT          only the first line with TEXT in it
#     | mark TEXT     of a function: the lines with TEXT in them stand out
#
# What is not there ends it all: one line on stderr, exit status 1.

/^\[[^]]*\]\([^ )]+ ".*"\)$/ {
	include()
	next
}
{ print }

function include(    kind, name) {
	caption = substr($0, 2, index($0, "](") - 2)
	path = substr($0, index($0, "](") + 2)
	title = substr(path, index(path, " \"") + 2)
	title = substr(title, 1, length(title) - 2)
	sub(/ .*/, "", path)
	sub(/^\.\.\//, "", path)
	sub(/#.*/, "", path)
	parse_title()
	kind = region
	sub(/ .*/, "", kind)
	name = substr(region, length(kind) + 2)
	if (kind == "function")
		show_function(name)
	else if (kind == "question")
		show_question(name)
	else if (kind == "scene")
		show_scene(name)
	else if (kind == "bullet")
		show_bullet(name)
	else if (kind == "claim")
		show_claim(name)
	else if (kind == "picture")
		show_picture(name)
	else
		fail("\"" kind "\" is no kind of region")
}

function fail(why) {
	print "slides: " FILENAME ":" FNR ": " why > "/dev/stderr"
	exit 1
}

function missing(what) {
	fail(path " has no " what)
}

# "REGION | FROM .. TO | mark TEXT"
function parse_title(    part, n, i, dots) {
	from = to = mark = ""
	n = split(title, part, / \| /)
	region = part[1]
	for (i = 2; i <= n; i++)
		if (part[i] ~ /^mark /)
			mark = substr(part[i], 6)
		else if ((dots = index(part[i], " .. "))) {
			from = substr(part[i], 1, dots - 1)
			to = substr(part[i], dots + 4)
		} else
			from = to = part[i]
}

function load(file,    got) {
	lines = 0
	while ((got = (getline line[lines + 1] < file)) > 0)
		lines++
	close(file)
	if (got < 0)
		fail("cannot read " file)
}

# Of line[first..last], keep FROM to TO.
function narrow(    i, start, end) {
	if (from == "")
		return
	for (i = first; i <= last && !end; i++) {
		if (!start && index(line[i], from))
			start = i
		if (start && (to == "end" ? i == last : index(line[i], to)))
			end = i
	}
	if (!start)
		missing("\"" from "\" in " region)
	if (!end)
		missing("\"" to "\" after \"" from "\" in " region)
	first = start
	last = end
}

# The lines of a section of a lab sheet, in line[first..last]
function find_section(name,    i) {
	load(path)
	first = 0
	for (i = 1; i <= lines && !(first && line[i] ~ /^## /); i++)
		if (line[i] == "## " name)
			first = i + 1
	if (!first)
		missing("section \"" name "\"")
	last = i - 1
}

# ---- code ----

function show_function(name,    i, tabs, least, marked) {
	load(path)
	first = 0
	for (i = 1; i <= lines && !first; i++)
		if (line[i] ~ /^[a-z]/ && line[i] !~ /;$/ && line[i] ~ "[ *]" name "\\(")
			first = i
	if (!first)
		missing("function " name)
	for (last = first; last < lines && line[last] !~ /^}/; last++)
		;
	narrow()
	least = 99
	for (i = first; i <= last; i++) {
		match(line[i] "x", /[^\t]/)
		if (line[i] != "" && RSTART - 1 < least)
			least = RSTART - 1
		if (mark != "" && index(line[i], mark))
			marked = marked (marked ? "," : "") (i - first + 1)
	}
	if (mark != "" && marked == "")
		missing("\"" mark "\" to mark in " region)
	print "<p class=\"caption\">" caption "</p>\n"
	print "```c" (marked ? " " marked : "")
	for (i = first; i <= last; i++) {
		match(line[i] "x", /[^\t]/)
		for (tabs = RSTART - 1; tabs > least; tabs--)
			printf "    "
		print substr(line[i], RSTART)
	}
	print "```"
}

# ---- the lab sheet, and the page of claims ----

function show_question(n,    i, text) {
	find_section("Predict")
	for (i = first; i <= last; i++)
		if (line[i] ~ /^[0-9]+\. /) {
			if (text != "")
				break
			if (line[i] + 0 == n)
				text = line[i]
		} else if (text != "" && line[i] != "")
			text = text " " line[i]
	if (text == "")
		missing("question " n)
	sub(/^[0-9]+\. /, "", text)
	gsub(/  +/, " ", text)
	print "> " text
}

function show_scene(headline,    i, inside, start) {
	find_section("Run")
	for (i = first; i <= last; i++)
		if (line[i] ~ /^```/)
			inside++
		else if (inside == 1 && !start && index(line[i], headline) == 1)
			start = i
		else if (inside == 1 && start && line[i] == "")
			break
		else if (inside > 1)
			break
	if (!start)
		missing("scene \"" headline "\"")
	while (line[i] == "" || line[i] ~ /^```/)
		i--
	last = i
	first = start + 1
	narrow()
	print "```output"
	print line[start]
	if (first > start + 1)
		print "..."
	for (i = first; i <= last; i++)
		print line[i]
	if (last < i_end(start))
		print "..."
	print "```"
}

# The last line of the scene that begins at START
function i_end(start,    i) {
	for (i = start; line[i + 1] != "" && line[i + 1] !~ /^```/; i++)
		;
	return i
}

function show_bullet(start,    i, text) {
	load(path)
	for (i = 1; i <= lines; i++)
		if (text == "" && index(line[i], "- " start) == 1)
			text = substr(line[i], 3)
		else if (text != "" && line[i] ~ /^  /)
			text = text " " substr(line[i], 3)
		else if (text != "")
			break
	if (text == "")
		missing("item \"" start "\"")
	print "<div class=\"claim\">\n\n**The notes, and the kernel:** " text "\n\n</div>"
}

function show_claim(id,    i, cell, found) {
	load(path)
	for (i = 1; i <= lines && !found; i++)
		found = index(line[i], "| " id " |") == 1
	if (!found)
		missing("claim " id)
	gsub(/\\\|/, "\001", line[i - 1])
	split(line[i - 1], cell, / *\| */)
	gsub("\001", "|", cell[3])
	gsub("\001", "|", cell[6])
	print "<div class=\"claim " cell[5] "\">\n"
	print "**The notes:** " cell[3] ".\n"
	print "**" toupper(substr(cell[5], 1, 1)) substr(cell[5], 2) ":** " cell[6] ".\n"
	print "</div>"
}

# ---- the picture: common/lanes.awk draws a line of it every 27 units, and names the lanes in the one with "ms" ----

function line_of(y) {
	return int((y + 14) / 27)
}

function height_in(element) {
	if (match(element, / y="[0-9]+/))
		return substr(element, RSTART + 4, RLENGTH - 4) + 0
	if (match(element, /d="M[0-9]+ [0-9]+/))
		return last_word(substr(element, RSTART, RLENGTH))
	return -1
}

function last_word(text) {
	sub(/.* /, "", text)
	return text + 0
}

function moved(element, y, by) {
	if (element ~ / y="[0-9]/)
		sub(/ y="[0-9]+/, " y=\"" (y + by), element)
	else {
		match(element, /d="M[0-9]+ /)
		element = substr(element, 1, RSTART + RLENGTH - 1) (y + by) \
			  substr(element, RSTART + RLENGTH + length(y ""))
	}
	return element
}

function show_picture(name,    file, lab, head, y, n, i, has, timed, top, bottom, about) {
	lab = path
	sub(/\/$/, "", lab)
	sub(/.*\//, "", lab)
	file = pictures "/" lab "-" name ".svg"
	load(file)
	for (i = 1; i <= lines && !head; i++)
		if (line[i] ~ />ms<\/text>$/)
			head = line_of(height_in(line[i]))
	if (!head)
		fail(file " is no picture of common/trace")
	for (i = 1; i <= lines; i++) {
		if (line[i] ~ /^<title>/)
			about = line[i]
		if (line[i] !~ /^<(rect|path|text) / || (y = height_in(line[i])) < 0 || (n = line_of(y)) <= head)
			continue
		has[n] = 1
		if (line[i] ~ /^<text [^>]*class="time"/)
			timed[n] = 1
		if (line[i] !~ /^<text /)
			continue
		if (from != "" && !top && index(line[i], from))
			top = n
		if (from != "" && top && !bottom && n >= top && index(line[i], to))
			bottom = n
	}
	if (from == "")
		bottom = top = head + 1
	else if (to == "end" && top)
		bottom = top
	if (from == "" || to == "end")
		while (has[bottom + 1])
			bottom++
	if (!top || !bottom)
		fail(file " has no \"" (top ? to : from) "\"")
	while (has[bottom + 1] && !timed[bottom + 1])
		bottom++
	if (!styled++)
		print_style()
	sub(/^<title>/, "", about)
	sub(/<\/title>$/, "", about)
	gsub(/"/, "\\&quot;", about)
	print "<p class=\"point\">" caption "</p>\n"
	print "<div class=\"picture\">"
	print "<svg xmlns=\"http://www.w3.org/2000/svg\" role=\"img\" aria-label=\"" about "\" shape-rendering=\"crispEdges\"" \
	      " font-size=\"20\" viewBox=\"24 10 1248 " (bottom - top + 2) * 27 + 8 "\">"
	for (i = 1; i <= lines; i++) {
		if (line[i] !~ /^<(rect|path|text) / || (y = height_in(line[i])) < 0)
			continue
		n = line_of(y)
		if (n == head)
			print moved(line[i], y, (1 - head) * 27)
		else if (n >= top && n <= bottom)
			print moved(line[i], y, (2 - top) * 27)
	}
	print "</svg>\n</div>"
}

# Its colours for a light background, for every picture of the deck
function print_style(    i, inside, rule, n, k, selector) {
	print "<style>"
	for (i = 1; i <= lines && line[i] !~ /@media/; i++) {
		if (inside) {
			n = split(line[i], rule, "}")
			for (k = 1; k < n; k++) {
				selector = substr(rule[k], 1, index(rule[k], "{") - 1)
				gsub(/^[ \t]+/, "", selector)
				gsub(/, */, ", .picture ", selector)
				print ".picture " selector substr(rule[k], index(rule[k], "{")) "}"
			}
		}
		if (line[i] == "<style>")
			inside = 1
	}
	print "</style>\n"
}
