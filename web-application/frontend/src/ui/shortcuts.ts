// Shortcuts of every page: "/" goes to the search field, "?" shows the keys. No single key is one while somebody writes.
const TEXT_FIELDS =
  'input:not([type=range], [type=radio], [type=checkbox], [type=button], [type=submit]), textarea, select'

export function isTyping(target: EventTarget | null): boolean {
  return target instanceof HTMLElement && (target.isContentEditable || target.matches(TEXT_FIELDS))
}

export function startSearchShortcut(): void {
  const field = document.getElementById('q')
  if (!(field instanceof HTMLInputElement)) return

  onKey('/', () => {
    field.focus()
    field.select()
  })
}

export function startKeySheet(): void {
  const sheet = document.getElementById('keys')
  if (!(sheet instanceof HTMLDialogElement)) return
  onKey('?', () => {
    if (!document.querySelector('dialog[open]')) sheet.showModal()
  })
}

function onKey(key: string, act: () => void): void {
  document.addEventListener('keydown', (event) => {
    if (event.key !== key || event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target)) return
    event.preventDefault()
    act()
  })
}
