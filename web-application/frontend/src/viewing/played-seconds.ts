// Seconds of a video that were really played: what is jumped over does not count.

// Between two reports of the position lies a quarter of a second, or less than this on a busy machine.
const MAX_STEP_SECONDS = 2

export class PlayedSeconds {
  #last: number | null = null
  total = 0

  /** The position is here now. */
  reach(seconds: number): void {
    const step = this.#last === null ? 0 : seconds - this.#last
    if (step > 0 && step < MAX_STEP_SECONDS) this.total += step
    this.#last = seconds
  }
}

const VIEW_SECONDS = 5
const SHORT_SHARE = 1 / 3

/** A view is five seconds of play, or a third of a video that is shorter than fifteen. */
export function viewSeconds(lengthSeconds: number): number {
  return Math.min(VIEW_SECONDS, lengthSeconds * SHORT_SHARE)
}
