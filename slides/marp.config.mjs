// How make slides uses Marp: nothing from the network, HTML as include.awk writes it, and lines of code that stand out.

// A block of C says after the language which of its lines stand out ("c 2,3"); a block of output shows who speaks.
function blocks(md) {
	md.renderer.rules.fence = (tokens, index) => {
		const [language, marks = ""] = tokens[index].info.trim().split(/\s+/)
		const text = tokens[index].content.replace(/\n$/, "")
		const lines = (language === "output" ? output(md, text) : md.options.highlight(text, language, "")).split("\n")
		const marked = marks.split(",").map(Number)
		const shown = lines.map((line, i) => (marked.includes(i + 1) ? `<mark>${line}</mark>` : line))
		return `<pre class="${language}"><code>${shown.join("\n")}</code></pre>\n`
	}
}

function output(md, text) {
	const [headline, ...lines] = text.split("\n").map(md.utils.escapeHtml)
	const role = (line) =>
		line
			.replace(/^(parent|reader|server)[^:]*:/, '<b class="getter">$&</b>')
			.replace(/^(child|writer|client)[^:]*:/, '<b class="giver">$&</b>')
	return [`<b>${headline}</b>`, ...lines.map(role)].join("\n")
}

export default {
	html: true,
	bespoke: { osc: false },
	options: { math: false, emoji: { shortcode: false, unicode: false } },
	engine: ({ marp }) => marp.use(blocks),
}
