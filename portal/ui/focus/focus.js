// Puts the cursor on what `selector` finds first, once for each `form`.
// Not into a field on a touch screen, where that would open the keyboard over the page.
// With `within` it only brings it to the top of that region; the page stays where it is.
export default function ({ parentElement, data }) {
  if (parentElement.focusedFor === data.form) return
  if (data.within) {
    const region = document.querySelector(data.within)
    const found = region && region.querySelector(data.selector)
    if (!found) return
    parentElement.focusedFor = data.form
    region.scrollTop += found.getBoundingClientRect().top - region.getBoundingClientRect().top
    return
  }
  parentElement.focusedFor = data.form
  const found = document.querySelector(data.selector)
  if (!found) return
  if (found.matches("input, textarea") && matchMedia("(pointer: coarse)").matches) {
    found.scrollIntoView({ block: "center" })
    return
  }
  found.focus()
}
