// Keys that are meant for the player.
import { isTyping } from '../ui/shortcuts'
import { type Action, actionOf, SCROLLS } from './keys'

export function startKeyboard(root: HTMLElement, run: (action: Action) => void): void {
  document.addEventListener('keydown', (event) => {
    const action = isForPlayer(event, root) ? actionOf(event.key) : null
    if (!action) return
    event.preventDefault()
    run(action)
  })
}

function isForPlayer(event: KeyboardEvent, root: HTMLElement): boolean {
  const target = event.target as Element
  if (event.ctrlKey || event.metaKey || event.altKey || isTyping(target)) return false
  if (document.querySelector('dialog[open], [popover]:popover-open')) return false
  // A focused button is pressed by Space, a slider is moved by arrows: that stays theirs.
  if (event.key === ' ' && target.matches('button, a, summary, input')) return false
  if (event.key.startsWith('Arrow') && target.matches('input')) return false
  // Keys that scroll the page are ours only when nothing outside the player has the focus.
  return !SCROLLS.has(event.key) || root.contains(target) || target.matches('body, main')
}
