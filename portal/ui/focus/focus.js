// Puts the cursor on what `selector` finds first, once for each `form`.
// Not into a field on a touch screen, where that would open the keyboard over the page.
export default function ({ parentElement, data }) {
  if (parentElement.focusedFor === data.form) return
  parentElement.focusedFor = data.form
  const found = document.querySelector(data.selector)
  if (!found || (found.matches("input") && matchMedia("(pointer: coarse)").matches)) return
  found.focus()
}
