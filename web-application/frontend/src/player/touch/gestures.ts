// Gestures of one finger on the picture. Pure: positions are shares of the picture, from its top left corner.

export interface Point {
  x: number
  y: number
}

/**
 * count: how often the same part was tapped in a row. part: the third of the width.
 * `scrub` is told while the finger moves, `seek` when it leaves; share: of the picture's width, from -1 to 1.
 */
export type Gesture =
  | { kind: 'tap'; count: number; part: 'left' | 'middle' | 'right' }
  | { kind: 'scrub' | 'seek'; share: number }
  | { kind: 'pull-down' }

/** How long a tap waits for another one. */
export const TAP_MS = 280
const STILL_SHARE = 0.03
const PULL_SHARE = 0.2

export class Gestures {
  #start: Point | null = null
  #isScrubbing = false
  #lastTap = { atMs: Number.NEGATIVE_INFINITY, part: '', count: 0 }

  press(point: Point): void {
    this.#start = point
    this.#isScrubbing = false
  }

  /** A finger that has begun to move sideways scrubs until it leaves. */
  move(point: Point): Gesture | null {
    if (!this.#start) return null
    const [across, down] = [point.x - this.#start.x, point.y - this.#start.y]
    if (Math.abs(across) > STILL_SHARE && Math.abs(across) > Math.abs(down)) this.#isScrubbing = true
    return this.#isScrubbing ? { kind: 'scrub', share: across } : null
  }

  release(point: Point, atMs: number): Gesture | null {
    const start = this.#start
    if (!start) return null
    this.#start = null
    const [across, down] = [point.x - start.x, point.y - start.y]
    if (this.#isScrubbing) return { kind: 'seek', share: across }
    if (down > PULL_SHARE) return { kind: 'pull-down' }
    if (Math.abs(down) > 2 * STILL_SHARE) return null
    return this.#tap(partAt(point.x), atMs)
  }

  /** The browser scrolls or zooms instead. */
  cancel(): void {
    this.#start = null
  }

  #tap(part: 'left' | 'middle' | 'right', atMs: number): Gesture {
    const last = this.#lastTap
    const isNext = part === last.part && atMs - last.atMs <= TAP_MS
    this.#lastTap = { atMs, part, count: isNext ? last.count + 1 : 1 }
    return { kind: 'tap', count: this.#lastTap.count, part }
  }
}

function partAt(x: number): 'left' | 'middle' | 'right' {
  if (x < 1 / 3) return 'left'
  return x > 2 / 3 ? 'right' : 'middle'
}
