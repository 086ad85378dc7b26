// Two players of the same video, of which the second joins in: silent and out of sight until both show the same picture.

/** So far ahead of the first it waits, until that gets there. */
const LEAD_SECONDS = 0.4
const CLOSE_ENOUGH_SECONDS = 0.02
/** Farther away it is put ahead anew; nearer it plays a little faster or slower. */
const FAR_SECONDS = 0.7
/** It has to play for so long before its clock can be believed. */
const WARM_UP_SECONDS = 0.1
const LOOK_MS = 15
const PATIENCE_MS = 10_000

/** Resolves with true when `next` plays what `current` plays; false if that did not come about, or one stands still. */
export async function comeInStep(current: HTMLVideoElement, next: HTMLVideoElement): Promise<boolean> {
  const joining = new Joining(current, next)
  for (let lookedMs = 0; lookedMs < PATIENCE_MS; lookedMs += LOOK_MS) {
    if (current.paused || current.ended || next.error) break
    if (joining.look()) return true
    await new Promise((resolve) => setTimeout(resolve, LOOK_MS))
  }
  next.pause()
  return false
}

/** The factor of speed by which a player that is `drift` seconds ahead is met. */
export function correction(drift: number): number {
  return Math.min(1.5, Math.max(0.7, 1 - 2 * drift))
}

class Joining {
  #startSeconds = 0

  constructor(
    private readonly current: HTMLVideoElement,
    private readonly next: HTMLVideoElement,
  ) {
    next.muted = true
    this.#putAhead()
  }

  /** Bring it a little nearer; true when it is there. */
  look(): boolean {
    const { current, next } = this
    if (next.seeking || next.readyState < HTMLMediaElement.HAVE_FUTURE_DATA) return false
    const drift = next.currentTime - current.currentTime
    if (Math.abs(drift) > FAR_SECONDS) this.#putAhead()
    else if (next.paused) this.#startIf(drift <= 0)
    else if (next.currentTime - this.#startSeconds > WARM_UP_SECONDS) {
      const isThere = Math.abs(drift) < CLOSE_ENOUGH_SECONDS
      next.playbackRate = current.playbackRate * (isThere ? 1 : correction(drift))
      return isThere
    }
    return false
  }

  #putAhead(): void {
    const { current, next } = this
    next.pause()
    next.playbackRate = current.playbackRate
    next.currentTime = current.currentTime + LEAD_SECONDS * current.playbackRate
  }

  #startIf(isDue: boolean): void {
    if (!isDue) return
    this.#startSeconds = this.next.currentTime
    void this.next.play().catch(() => {})
  }
}
