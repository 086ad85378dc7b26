// Keys, clicks and taps that are meant for the player.
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
  if (event.key === ' ' && target.matches('button, a, summary')) return false
  if (event.key.startsWith('Arrow') && target.matches('input')) return false
  // Keys that scroll the page are ours only when nothing outside the player has the focus.
  return !SCROLLS.has(event.key) || root.contains(target) || target.matches('body, main')
}

/** On the picture, a mouse and a finger expect different things. */
export function startPointer(
  root: HTMLElement,
  video: HTMLVideoElement,
  run: (action: Action) => void,
): void {
  let isFinger = false
  let tapWakes = false

  video.addEventListener('pointerdown', ({ pointerType }) => {
    isFinger = pointerType !== 'mouse'
    // A finger first brings the bar back; only the next tap pauses.
    tapWakes = isFinger && 'idle' in root.dataset
  })
  video.addEventListener('click', () => {
    if (!tapWakes) run({ do: 'play' })
  })
  video.addEventListener('dblclick', ({ offsetX }) => {
    if (!isFinger) run({ do: 'full' })
    else if (offsetX < video.clientWidth / 3) run({ do: 'skip', seconds: -10 })
    else if (offsetX > (2 * video.clientWidth) / 3) run({ do: 'skip', seconds: 10 })
  })
}
