// Tells the server what stands in a form, a moment after somebody has touched it, so that
// nothing is lost when the page is reloaded or the line drops. Nothing is kept in the browser.
// A text that one is still typing is not yet known to the page's own fields: it goes along.
// The server tells with `kept` which message it has; one that got lost is sent again.
const QUIET = 1200
const AGAIN = 6000

export default function ({ parentElement, data, setTriggerValue }) {
  const own = (parentElement.autosave ??= { sent: 0, listening: false })
  if (own.form !== data.form) {
    clearTimeout(own.later)
    own.form = data.form
    own.sent = own.kept = 0
  }
  own.kept = Math.max(own.kept || 0, data.kept)
  own.inside = `.st-key-${data.inside}`
  own.send = setTriggerValue
  if (!own.listening) listen(own)
  return () => own.stop()
}

function listen(own) {
  const touched = (event) => {
    const from = event.target instanceof Element ? event.target : null
    if (from && (from.closest(own.inside) || from.closest("[role=listbox]"))) soon(own, QUIET)
  }
  // Ctrl+S while one is typing: what was typed counts, as if one had left the field.
  const leaving = (event) => {
    const field = document.activeElement
    const saves = (event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "s"
    if (saves && field && field.matches(`${own.inside} textarea, ${own.inside} input`)) field.blur()
  }
  const online = () => { if (own.sent > own.kept) soon(own, QUIET) }
  const kinds = ["input", "click", "keyup", "change"]
  kinds.forEach((kind) => document.addEventListener(kind, touched, true))
  window.addEventListener("keydown", leaving, true)
  window.addEventListener("online", online)
  own.listening = true
  own.stop = () => {
    clearTimeout(own.later)
    kinds.forEach((kind) => document.removeEventListener(kind, touched, true))
    window.removeEventListener("keydown", leaving, true)
    window.removeEventListener("online", online)
    own.listening = false
  }
}

function soon(own, wait) {
  clearTimeout(own.later)
  own.later = setTimeout(() => {
    own.sent += 1
    own.send("typed", { form: own.form, number: own.sent, texts: texts(own.inside) })
    own.later = setTimeout(() => { if (own.sent > own.kept) soon(own, 0) }, AGAIN)
  }, wait)
}

function texts(inside) {
  const told = {}
  for (const field of document.querySelectorAll(`${inside} textarea, ${inside} input[type=text]`)) {
    const box = field.closest('[class*="st-key-"]')
    const key = box && [...box.classList].find((name) => name.startsWith("st-key-"))
    if (key) told[key.slice("st-key-".length)] = field.value
  }
  return told
}
