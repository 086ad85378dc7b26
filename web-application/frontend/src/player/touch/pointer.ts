// Clicks and taps on the picture.
import type { Action } from '../keys'

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
