// Clicks of a mouse, and a finger's gestures, on the picture.
import type { Action } from '../keys'
import { type Gesture, Gestures, type Point, TAP_MS } from './gestures'

const SKIP_SECONDS = 10
// A finger across the whole picture.
const SWIPE_SECONDS = 90

interface Reactions {
  run: (action: Action) => void
  /** Show where a seek by so many seconds would lead. */
  preview: (seconds: number) => void
  isFullScreen: () => boolean
}

export function startPointer(root: HTMLElement, video: HTMLVideoElement, reactions: Reactions): void {
  startMouse(video, reactions.run)
  const finger = new Finger(root, reactions)
  const gestures = new Gestures()
  const isFinger = ({ pointerType }: PointerEvent) => pointerType !== 'mouse'
  video.addEventListener('pointerdown', (event) => {
    if (!isFinger(event)) return
    if (!event.isPrimary) return gestures.cancel()
    finger.touches()
    gestures.press(shareOf(event, video))
  })
  video.addEventListener('pointermove', (event) => {
    if (isFinger(event) && event.isPrimary) finger.react(gestures.move(shareOf(event, video)))
  })
  video.addEventListener('pointerup', (event) => {
    if (isFinger(event) && event.isPrimary)
      finger.react(gestures.release(shareOf(event, video), event.timeStamp))
  })
  video.addEventListener('pointercancel', () => gestures.cancel())
}

function startMouse(video: HTMLVideoElement, run: (action: Action) => void): void {
  let isMouse = true
  video.addEventListener('pointerdown', ({ pointerType }) => {
    isMouse = pointerType === 'mouse'
  })
  video.addEventListener('click', () => isMouse && run({ do: 'play' }))
  video.addEventListener('dblclick', () => isMouse && run({ do: 'full' }))
}

/** What a gesture means. A first tap waits whether it becomes two. */
class Finger {
  #wakes = false
  #tapTimer: ReturnType<typeof setTimeout> | undefined

  constructor(
    private readonly root: HTMLElement,
    private readonly reactions: Reactions,
  ) {}

  /** Before the touch itself has brought the bar back. */
  touches(): void {
    this.#wakes = 'idle' in this.root.dataset
  }

  react(gesture: Gesture | null): void {
    if (gesture?.kind === 'tap') this.#tap(gesture)
    if (gesture?.kind === 'scrub') this.reactions.preview(SWIPE_SECONDS * gesture.share)
    if (gesture?.kind === 'seek') this.reactions.run(skip(Math.round(SWIPE_SECONDS * gesture.share)))
    // Elsewhere the page scrolls.
    if (gesture?.kind === 'pull-down' && this.reactions.isFullScreen()) this.reactions.run({ do: 'full' })
  }

  #tap({ count, part }: Extract<Gesture, { kind: 'tap' }>): void {
    clearTimeout(this.#tapTimer)
    if (count === 1) {
      // A finger first brings the bar back; only the next tap pauses.
      const wakes = this.#wakes
      this.#tapTimer = setTimeout(() => wakes || this.reactions.run({ do: 'play' }), TAP_MS)
    } else if (part !== 'middle') {
      this.reactions.run(skip(part === 'left' ? -SKIP_SECONDS : SKIP_SECONDS))
    } else if (count === 2) this.reactions.run({ do: 'full' })
  }
}

const skip = (seconds: number): Action => ({ do: 'skip', seconds })

function shareOf({ clientX, clientY }: PointerEvent, video: HTMLVideoElement): Point {
  const { left, top, width, height } = video.getBoundingClientRect()
  return { x: (clientX - left) / width, y: (clientY - top) / height }
}
