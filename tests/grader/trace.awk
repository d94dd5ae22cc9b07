# trace.awk - reads a line of the rig's trace: N PID WHO CALL name=value ... [data="..."]. See contract.bash, "traced".
# Lines stand in the order in which calls were seen to end. Between two processes only this is sure: a call that began
# after line "began" brought nothing about before it.
function get(name,   i) {
	for (i = 5; i <= NF && index($i, "data=\"") != 1; i++)
		if (index($i, name "=") == 1)
			return substr($i, length(name) + 2)
	return ""
}
# The bytes as they were: \xHH put back.
function data(   at, text, out) {
	if (!(at = index($0, " data=\"")))
		return ""
	text = substr($0, at + 7)
	text = substr(text, 1, length(text) - 1)
	while (match(text, /\\x[0-9a-f][0-9a-f]/)) {
		out = out substr(text, 1, RSTART - 1) sprintf("%c", hex(substr(text, RSTART + 2, 2)))
		text = substr(text, RSTART + 4)
	}
	return out text
}
function hex(digits) {
	return (index("0123456789abcdef", substr(digits, 1, 1)) - 1) * 16 + index("0123456789abcdef", substr(digits, 2, 1)) - 1
}
function kind() {
	if (call ~ /^(read|readv|pread64|preadv2?|recvfrom|recvmsg)$/)
		return "read"
	if (call ~ /^(write|writev|pwrite64|pwritev2?|sendto|sendmsg|vmsplice)$/)
		return "write"
	return ""
}
function on_pipe() { return on ~ /^(pipe|fifo):/ }
{
	pid = $2; who = $3; call = $4
	ret = get("ret") + 0; began = get("began") + 0; err = get("err"); on = get("on"); fd = get("fd")
}
