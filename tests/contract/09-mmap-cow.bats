#!/usr/bin/env bats
# The contract of lab 9, shared and private mappings: what any shared and private must do.
load ../grader/contract
lab 09-mmap-cow

page=$(getconf PAGESIZE)

# comes_to_its_end PROGRAM: with what status is another matter, and judged by the check "left".
comes_to_its_end() {
	rig until exit "$1" || fail "$1 does not end: $answer"
	[[ $answer == 'exit status '* ]] || fail "$1: $answer; it printed: $(printed "$1")"
}

# run_it PROGRAM ORDER WORD: one run, to its end; the trace tells the mappings too.
run_it() {
	stage
	rig order "$2"
	rig mappings
	start "$1" "$3"
	comes_to_its_end "$1"
}

# otherwise PROGRAM ORDER HOW WORD: the same, but each mmap() of a file is made map-shared or map-private whatever was asked
# for: who looks must see the other program's story then. Some cannot go on like that; what they printed is what counts.
otherwise() {
	stage
	rig order "$2"
	rig mappings
	rig rule any mmap// "$3"
	start "$1" "$4"
	if rig until quiet; then :; fi
}

# seen PROGRAM ROLE: what this role says it sees, MAPPING|FILE, into $seen.
seen() {
	local role=${2^}
	seen=$(tr -d '\r' <"$STAGE/$1.out" |
		sed -nE "s/.*($2|$role).*\"(.*)\".*mapping.*\"(.*)\".*file.*/\\2|\\3/p" | head -n 1)
}

# must_see PROGRAM ROLE MAPPING FILE [WHEN]
must_see() {
	seen "$1" "$2"
	[[ $seen != new\|* ]] || hint 'WORD is argv[1]; "new" stands for it only if there is none.'
	[[ $seen == "$3|$4" ]] ||
		fail "${5:+$5: }$1 does not print: $2: sees \"$3\" in its mapping, \"$4\" in the file; it printed: $(printed "$1")"
}

# For the awk programs: a file of four pages or more that both have mapped, into "mapped".
mapped='function fits() { return call == "mapping" && on !~ /^\/(dev\/zero|SYSV)/ && get("size") + 0 >= 4 * page }
	fits() && get("kind") == want { has[get("id"), who ~ /child$/] = 1; name[get("id")] = on }
	function plain(path) { sub(/_\(deleted\)$/, "", path); return path }
	function is_it(path,   id) {
		for (id in name) if ((id, 0) in has && (id, 1) in has && plain(name[id]) == plain(path)) return 1
		return 0
	}'

# both_map PROGRAM KIND: parent and child have the same file mapped in this way, or the check has failed.
both_map() {
	traced "$mapped"' END { for (id in name) if ((id, 0) in has && (id, 1) in has) found = 1 }' page="$page" want="$2" ||
		fail "no file of four pages or more that parent and child have mapped $2; what they have mapped: $(traced \
			'call == "mapping" { print "pid " pid ": " on " (" get("id") "), " get("kind") ", " get("size") " bytes; " }' |
			awk '!seen[$0]++' | head -n 6 | tr -d '\n')"
}

# maps_no_other: the parent does not look through a shared mapping when the child has written to its private one.
maps_no_other() {
	! traced 'call == "exited" && who ~ /child$/ { written = 1 }
		call == "mmap" && written && who !~ /child$/ && on ~ /^\// && err == "" && get("flags") ~ /[13579bdf]$/ {
			print "pid " pid " maps it with flags=" get("flags"); found = 1 }' >"$STAGE/why" ||
		fail "to look at it when the child has ended, $(head -n 1 "$STAGE/why"): MAP_SHARED"
}

# both_read KIND: and both have looked into it with read() or its like.
both_read() {
	local who
	who=$(traced "$mapped"' kind() == "read" && ret > 0 { r[NR] = on; w[NR] = who ~ /child$/ }
		END { for (i in r) if (is_it(r[i])) did[w[i]] = 1
			if (!(1 in did)) print "child"; else if (!(0 in did)) print "parent"; found = 1 }' page="$page" want="$1")
	[[ -z $who ]] || fail "no read() of the file by the $who: what does it say is in the file?"
}

# must_not_claim PROGRAM ROLE WHERE VALUE WHY: what the role sees there (mapping or file) cannot be that.
must_not_claim() {
	local claim
	seen "$1" "$2"
	[[ $3 == mapping ]] && claim=${seen%|*} || claim=${seen#*|}
	[[ -z $seen || $claim != "$4" ]] || fail "$5, and yet $1 prints \"$4\" for what the $2 sees in the $3: $(printed "$1")"
}

# the_file: of the run just seen, which of its open() is the one of the file that is mapped ($nth), and where is that ($file)?
the_file() {
	nth=$(traced 'call ~ /^(open|openat|creat)$/ { n++; if (ret >= 0) by[pid, ret] = n }
		call == "mmap" && on ~ /^\// && (pid, fd) in by { print by[pid, fd]; found = 1; exit }') || nth=
	file=$(traced 'call == "mmap" && on ~ /^\// { sub(/[^\/:#]*$/, "", on); print on; found = 1; exit }') || file=
}

# word_checks PROGRAM [old]: any word; "old" is what all but the child's mapping show then.
word_checks() {
	local word
	for word in "$(word 1 1)" "$(word 2 50)$(word 5 50)" "$(word 3 2) %s%d $(word 4 3)"; do
		case $word in
		?) hint 'Copy the null byte, too.' ;;
		*%*) hint 'printf("%s", word), not printf(word): a word may have a % in it.' ;;
		*) hint 'Make the buffers large enough.' ;;
		esac
		run_it "$1" calm "$word"
		must_see "$1" child "$word" "${2:-$word}"
		must_see "$1" parent "${2:-$word}" "${2:-$word}"
	done
}

# file_checks PROGRAM: into a file it prints as many lines as on a terminal.
file_checks() {
	stage
	start "$1" "$(word 1)"
	comes_to_its_end "$1"
	tr -d '\r' <"$STAGE/$1.out" | sort >"$BATS_TEST_TMPDIR/file"
	stage
	rig output terminal
	start "$1" "$(word 1)"
	comes_to_its_end "$1"
	tr -d '\r' <"$STAGE/$1.out" | sort >"$BATS_TEST_TMPDIR/terminal"
	[[ $(wc -l <"$BATS_TEST_TMPDIR/file") == "$(wc -l <"$BATS_TEST_TMPDIR/terminal")" ]] ||
		fail "into a file and on a terminal it prints different lines: $(diff "$BATS_TEST_TMPDIR/file" "$BATS_TEST_TMPDIR/terminal" | grep '^[<>]' | tr '\n' '|')"
}

# error_checks PROGRAM: what fails, one after another.
error_checks() {
	local nth file
	run_it "$1" calm word
	the_file
	[[ -z $nth ]] || fault "open,openat,creat@$nth" EACCES "$1" word
	fault memfd_create EMFILE "$1" word
	fault ftruncate EIO "$1" word
	fault mmap// ENOMEM "$1" word
	if traced 'call == "killed" && get("sig") ~ /SEGV|BUS|ABRT/ { print "pid " pid " was killed by " get("sig"); found = 1 }' >"$STAGE/why"; then
		fail "when mmap() failed with ENOMEM $(<"$STAGE/why")"
	fi
	fault fork,vfork,clone,clone3@1 EAGAIN "$1" word
	[[ -n $file ]] || return 0
	fault "read,readv,preadv,preadv2,pread64/$file" EIO "$1" word
	hint 'wait(&status): if it is not 0, the child has failed, and so has the program.'
	stage
	rig rule child "read,readv,preadv,preadv2,pread64/$file" fail EIO
	start "$1" word
	if rig until exit "$1"; then :; fi
	! traced 'kind() == "read" && err == "EIO" { found = 1 }' || [[ $answer != 'exit status 0' ]] ||
		fail "when read() failed with EIO in the child: $1: $answer; it printed: $(printed "$1")"
}

# left_checks PROGRAM: status 0, the child is waited for, nothing is left; what a killed run has left does no harm.
left_checks() {
	local nth file moment
	run_it "$1" calm "$(word 1)"
	[[ $answer == 'exit status 0' ]] || fail "$1: $answer, not exit status 0; it printed: $(printed "$1")"
	all_waited_for
	nothing_left
	the_file
	for moment in ${nth:+"open,openat,creat@$nth"} mmap//@1; do
		stage
		rig rule any "$moment" kill SIGKILL
		start_as killed "/lab/$1" "$(word 2)"
		if rig until quiet; then :; fi
		rig forget
		start "$1" "$(word 3)"
		rig until exit "$1" || fail "after a run that was killed $1 does not end: $answer"
		seen "$1" parent
		[[ $answer == 'exit status 0' && -n $seen ]] ||
			fail "a run was killed just after $([[ $moment == mmap* ]] && echo mmap || echo 'the open() of the file'), and the next one of $1 does not get through: $answer; it printed: $(printed "$1")"
	done
}

@test "shared.mapped [3] parent and child have one file mapped, shared" {
	uses shared
	rule 'Both have the same regular file of four pages or more mapped with MAP_SHARED.'
	hint 'ftruncate() the file to its size, mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0), then fork().'
	run_it shared calm "$(word 1)"
	both_map shared shared
}

@test "shared.sees [3] both see the word, in the mapping and in the file" {
	uses shared
	needs shared.mapped
	rule 'A write to a shared mapping is a write to the file, seen by all who have it mapped and by all who read it.'
	hint 'ftruncate() the file to its size, or there are no pages to write to; the parent looks when it has waited for the child.'
	sheet Why
	run_it shared calm "$(word 1)"
	must_see shared child "$(word 1)" "$(word 1)"
	must_see shared parent "$(word 1)" "$(word 1)"
}

@test "shared.stored [3] the child stores the word into the mapping" {
	uses shared
	needs shared.sees
	rule 'The child writes by a store into its memory; no write() is needed for the word to be in the file.'
	hint 'strcpy(map + ..., word) in the child.'
	local how
	run_it shared calm "$(word 1)"
	how=$(traced "$mapped"' kind() == "write" && ret > 0 && on ~ /^\// && index(data(), word) { w[NR] = on; by[NR] = "pid " pid " gives it to " call "()" }
		END { found = 1; for (i in w) if (is_it(w[i])) { print by[i]; found = 0 } }' page="$page" want=shared word="$(word 1)") ||
		fail "the word reaches the file without a store: $how"
	otherwise shared calm map-private "$(word 1)"
	traced 'call == "mapping" && who ~ /child$/ && get("copies") + 0 > 0 { found = 1 }' ||
		fail 'the child has not stored anything into the mapping: when it was made private in flight, none of its pages became a copy'
}

@test "shared.honest [3] what is printed is what is there" {
	uses shared
	needs shared.stored
	rule 'Each process prints what it finds in its own mapping, and what read() or pread() gives it of the file.'
	hint 'Print the memory of the mapping and the buffer of pread(), not the argument.'
	run_it shared calm "$(word 1)"
	both_read shared
	otherwise shared calm map-private "$(word 1)"
	local why="mmap() was made to map it privately, so the word reached neither the file nor the parent"
	must_not_claim shared child file "$(word 1)" "$why"
	must_not_claim shared parent mapping "$(word 1)" "$why"
	must_not_claim shared parent file "$(word 1)" "$why"

	# Whatever becomes of its read(): the mapping has all the word.
	run_it shared calm "$(word 1)"
	the_file
	stage
	rig rule first "read,pread64/$file" short 3
	start shared "$(word 1)"
	if rig until quiet; then :; fi
	seen shared parent
	[[ -z $seen || ${seen%|*} == "$(word 1)" ]] ||
		fail "each read() of the file gave it 3 bytes at most, and the parent prints \"${seen%|*}\" for what is in its mapping, where \"$(word 1)\" is: $(printed shared)"
}

@test "shared.order [3] a late child, a late parent: the same story" {
	uses shared
	needs shared.sees
	rule 'To see the same memory does not mean to see it in time: the parent looks when the child has written.'
	hint 'wait(), then look. A sleep() orders nothing.'
	local order
	for order in child parent; do
		run_it shared "$order" "$(word 1)"
		must_see shared child "$(word 1)" "$(word 1)" "with a late $order"
		must_see shared parent "$(word 1)" "$(word 1)" "with a late $order"
	done
}

@test "shared.word [2] any word of 1 to 100 bytes" {
	uses shared
	needs shared.sees
	rule 'A word has its end, whatever was in the page before.'
	word_checks shared
}

@test "shared.file [1] no line comes twice in a file" {
	uses shared
	needs shared.sees
	rule 'What stdio still holds at fork() is copied, and written twice.'
	hint 'setvbuf(stdout, NULL, _IOLBF, 0) at the start, or fflush(stdout) before fork().'
	file_checks shared
}

@test "shared.error [2] a call that fails ends the program with a message" {
	uses shared
	needs shared.sees
	rule 'The result of every system call is looked at; mmap() says MAP_FAILED, which is not NULL.'
	hint 'if (map == MAP_FAILED) err_sys("mmap");'
	error_checks shared
}

@test "shared.left [1] it ends with status 0, the child is waited for, and nothing is left" {
	uses shared
	needs shared.sees
	rule 'The file is gone in the end, and one that a killed run has left does no harm.'
	hint 'wait(&status) in the parent, and return 0 if all went well; unlink() the file when it is open; O_EXCL needs an unlink() before.'
	left_checks shared
}

@test "private.mapped [3] parent and child have one file mapped, privately" {
	uses private
	rule 'Both have the same regular file of four pages or more mapped with MAP_PRIVATE.'
	hint 'mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_PRIVATE, fd, 0), then fork().'
	run_it private calm "$(word 1)"
	both_map private private
}

@test "private.sees [3] only the child sees the word, and only in its mapping" {
	uses private
	needs private.mapped
	rule 'A write to a private mapping is seen by nobody else: neither by the parent, nor in the file.'
	hint '"old" must be in the file before: write it, and not through the private mapping.'
	sheet Why
	run_it private calm "$(word 1)"
	must_see private child "$(word 1)" old
	must_see private parent old old
}

@test "private.copies [3] the first write copies one page, for the child alone; reading copies none" {
	uses private
	needs private.sees
	rule 'The child reads all the pages and none is copied; it writes to one, and that one is copied.'
	hint 'Anonymous in /proc/PID/smaps counts the copies. Read a byte of each page, then write to one of them, and to no other.'
	sheet Why
	run_it private calm "$(word 1)"
	traced "$mapped"' fits() && who ~ /child$/ && get("kind") == want {
			copies = get("copies") / page
			if (copies > most) most = copies
			if (copies > 0 && get("rss") + 0 < get("size") + 0 && !early) early = get("rss") / page " of " get("size") / page }
		fits() && who !~ /child$/ && get("copies") + 0 > parents { parents = get("copies") / page }
		END { if (parents) print "the parent has copies of " parents " pages"
			else if (!most) print "no page has become a copy in the child: it has not written to its mapping"
			else if (most > 1) print most " pages were copied for the child"
			else if (early) print "the child wrote when it had only read " early " pages"
			else found = 1 }' page="$page" want=private >"$STAGE/why" || fail "$(<"$STAGE/why")"
}

@test "private.honest [3] what is printed is what is there" {
	uses private
	needs private.sees
	rule 'Each process prints what it finds in its own mapping, and what read() or pread() gives it of the file.'
	hint 'Print the memory of the mapping and the buffer of pread(), not a text that is known in advance.'
	run_it private calm "$(word 1)"
	both_read private
	maps_no_other
	otherwise private calm map-shared "$(word 1)"
	local why="mmap() was made to map it shared, so the word is in the file and in the parent's mapping, too"
	must_not_claim private child file old "$why"
	must_not_claim private parent mapping old "$why"
	must_not_claim private parent file old "$why"
}

@test "private.order [3] the parent looks when the child has written" {
	uses private
	needs private.honest
	rule 'Only who looks afterwards can know that nothing has changed.'
	hint 'wait(), then look. A sleep() orders nothing.'
	otherwise private child map-shared "$(word 1)"
	local why="the child was late, and mmap() was made to map it shared: after its write there is no \"old\" any more"
	must_not_claim private parent mapping old "$why"
	must_not_claim private parent file old "$why"
	run_it private parent "$(word 1)"
	must_see private parent old old 'with a late parent'
}

@test "private.word [1] any word of 1 to 100 bytes" {
	uses private
	needs private.sees
	rule 'A word has its end, whatever was in the page before.'
	word_checks private old
}

@test "private.file [1] no line comes twice in a file" {
	uses private
	needs private.sees
	rule 'What stdio still holds at fork() is copied, and written twice.'
	hint 'setvbuf(stdout, NULL, _IOLBF, 0) at the start, or fflush(stdout) before fork().'
	file_checks private
}

@test "private.error [2] a call that fails ends the program with a message" {
	uses private
	needs private.sees
	rule 'The result of every system call is looked at; mmap() says MAP_FAILED, which is not NULL.'
	hint 'if (map == MAP_FAILED) err_sys("mmap");'
	error_checks private
}

@test "private.left [1] it ends with status 0, the child is waited for, and nothing is left" {
	uses private
	needs private.sees
	rule 'The file is gone in the end, and one that a killed run has left does no harm.'
	hint 'wait(&status) in the parent, and return 0 if all went well; unlink() the file when it is open; O_EXCL needs an unlink() before.'
	left_checks private
}
