// How fast a live preview grows, by which a page can tell if who begins to watch will have to wait.

const LEAST_MEASURED_MS = 2000
const WINDOW_MS = 6000
/** Faster than it plays, with a little to spare. */
const ENOUGH = 1.1

interface Moment {
  atMs: number
  seconds: number
}

export class Growth {
  #moments: Moment[] = []

  /** seconds: of the video that are there. */
  note(seconds: number, atMs: number): void {
    this.#moments = this.#moments.filter((moment) => moment.atMs >= atMs - WINDOW_MS)
    this.#moments.push({ atMs, seconds })
  }

  /** Something else holds it up from now on. */
  forget(): void {
    this.#moments = []
  }

  /** Whether it grows faster than it plays; null as long as nobody knows. */
  get isFastEnough(): boolean | null {
    const [first, last] = [this.#moments[0], this.#moments.at(-1)]
    if (!first || !last || last.atMs - first.atMs < LEAST_MEASURED_MS) return null
    return ((last.seconds - first.seconds) * 1000) / (last.atMs - first.atMs) >= ENOUGH
  }
}
