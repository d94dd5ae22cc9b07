// slides.mjs - look at a deck in Chromium as a class sees it, and say what is wrong, a line each.
//
// usage: node slides.mjs CHROMIUM DECK.html [DIRECTORY]     DIRECTORY: a picture of each slide goes there
//
// puppeteer-core is taken from node_modules beside the deck. Exit status: 0 nothing is wrong, 1 something is.
import { createRequire } from "node:module"
import { dirname, resolve } from "node:path"
import { pathToFileURL } from "node:url"

const [chromium, deck, pictures] = process.argv.slice(2)
const WIDTH = 1280, HEIGHT = 720
const wrong = []

// What is wrong with the slide that is shown. Runs in the page.
function look(width, height) {
	const SMALLEST = { code: 20, picture: 14, other: 18 }
	const slide = document.querySelector(".bespoke-marp-active section")
	const found = []
	const short = (text) => text.trim().replace(/\s+/g, " ").slice(0, 40)

	// [red, green, blue, alpha], from 0 to 1
	const colour = (css) => {
		const [r, g, b, a = 1] = css.match(/[\d.]+/g).map(Number)
		return [r / 255, g / 255, b / 255, a]
	}
	// Relative luminance and contrast: WCAG 2.2
	const luminance = ([r, g, b]) => {
		const linear = (c) => (c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4)
		return 0.2126 * linear(r) + 0.7152 * linear(g) + 0.0722 * linear(b)
	}
	const contrast = (a, b) => {
		const [dark, light] = [luminance(a), luminance(b)].sort((x, y) => x - y)
		return (light + 0.05) / (dark + 0.05)
	}
	const background = (element) => {
		for (let e = element; e; e = e.parentElement) {
			const c = colour(getComputedStyle(e).backgroundColor)
			if (c[3] === 1) return c
			if (c[3] > 0) found.push(`a background that shines through behind "${short(element.textContent)}"`)
		}
		return [1, 1, 1, 1]
	}
	const kind = (element) => (element.closest(".picture") ? "picture" : element.closest("pre") ? "code" : "other")

	const check = (node) => {
		const element = node.parentElement, style = getComputedStyle(element)
		const text = short(node.textContent), what = kind(element)
		const scale = what === "picture" ? element.getScreenCTM().a : 1
		const size = parseFloat(style.fontSize) * scale
		const ratio = contrast(colour(what === "picture" ? style.fill : style.color), background(element))
		if (size < SMALLEST[what] - 0.01) found.push(`${what} of ${size.toFixed(1)} px: "${text}"`)
		if (ratio < 4.5) found.push(`contrast of ${ratio.toFixed(2)}: "${text}"`)
		const range = document.createRange()
		range.selectNodeContents(node)
		for (const box of range.getClientRects())
			if (box.left < 20 || box.top < 10 || box.right > width - 20 || box.bottom > height - 10)
				found.push(`out of the frame (to ${box.right.toFixed(0)}, ${box.bottom.toFixed(0)}): "${text}"`)
		if (element.closest("footer")) return
		const block = (element.closest("svg, pre, blockquote, .claim, td") ?? slide).getBoundingClientRect()
		const footer = slide.querySelector("footer")?.getBoundingClientRect()
		for (const box of range.getClientRects()) {
			if (box.right > block.right + 1 || box.bottom > block.bottom + 1) found.push(`out of its box: "${text}"`)
			if (footer && box.bottom > footer.top + 1) found.push(`over the footer: "${text}"`)
		}
	}

	if (slide.scrollWidth > slide.clientWidth || slide.scrollHeight > slide.clientHeight)
		found.push(`overflow: ${slide.scrollWidth} x ${slide.scrollHeight} in ${slide.clientWidth} x ${slide.clientHeight}`)
	const walker = document.createTreeWalker(slide, NodeFilter.SHOW_TEXT)
	for (let node = walker.nextNode(); node; node = walker.nextNode())
		if (node.textContent.trim() && !["STYLE", "SCRIPT"].includes(node.parentElement.tagName)) check(node)

	// No two blocks of a slide lie over each other.
	const blocks = [...slide.children].map((e) => e.getBoundingClientRect())
	blocks.forEach((a, i) =>
		blocks.slice(i + 1).forEach((b) => {
			if (a.bottom > b.top + 1 && b.bottom > a.top + 1 && a.width && b.width && a.right > b.left && b.right > a.left)
				found.push(`two blocks overlap at ${b.top.toFixed(0)}`)
		})
	)
	return found
}

async function main() {
	const require = createRequire(resolve(dirname(deck), "package.json"))
	const puppeteer = (await import(pathToFileURL(require.resolve("puppeteer-core")))).default
	// As root, and in a container, Chromium cannot make its sandbox; it opens nothing but our own page.
	const browser = await puppeteer.launch({ executablePath: chromium, args: ["--no-sandbox", "--disable-dev-shm-usage"] })
	try {
		const page = await browser.newPage()
		const url = pathToFileURL(resolve(deck)).href
		page.on("console", (m) => ["error", "warn"].includes(m.type()) && wrong.push(`console: ${m.text()}`))
		page.on("pageerror", (e) => wrong.push(`script: ${e.message}`))
		page.on("request", (r) => {
			const asked = r.url()
			if (!asked.startsWith("data:") && asked.split("#")[0] !== url) wrong.push(`request: ${asked}`)
		})
		await page.setViewport({ width: WIDTH, height: HEIGHT })
		await page.goto(url, { waitUntil: "load" })
		const slides = await page.$$eval("section[id]", (all) => all.length)
		for (let n = 1; n <= slides; n++) {
			await page.evaluate((to) => (location.hash = to), `#${n}`)
			await page.waitForFunction((to) => document.querySelector(".bespoke-marp-active section")?.id === to, {}, `${n}`)
			if (pictures) await page.screenshot({ path: `${pictures}/${n}.png` })
			for (const what of await page.evaluate(look, WIDTH, HEIGHT)) wrong.push(`slide ${n}: ${what}`)
		}
		console.log(`${slides} slides`)
	} finally {
		await browser.close()
	}
}

await main()
for (const what of wrong) console.log(what)
process.exit(wrong.length ? 1 : 0)
