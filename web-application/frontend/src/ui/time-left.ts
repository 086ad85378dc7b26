// Time left, from the speed of the last stretch. Pure: the caller brings the clock.
interface Sample {
  atMs: number
  done: number
}

const LEAST_MS = 2000

export class TimeLeft {
  #samples: Sample[] = []

  /** windowMs: how far back speed is measured; short for bytes, long for slow and steady work. */
  constructor(private readonly windowMs: number) {}

  add(atMs: number, done: number): void {
    this.#samples.push({ atMs, done })
    while (this.#samples.length > 2 && atMs - (this.#samples[1]?.atMs ?? atMs) > this.windowMs)
      this.#samples.shift()
  }

  /** Forget the speed, after a pause or a lost connection. */
  reset(): void {
    this.#samples = []
  }

  /** Seconds until `total`, or null while it cannot be told. */
  seconds(total: number): number | null {
    const [first, last] = [this.#samples[0], this.#samples.at(-1)]
    if (!first || !last || last.atMs - first.atMs < LEAST_MS || last.done <= first.done) return null
    const perSecond = ((last.done - first.done) / (last.atMs - first.atMs)) * 1000
    return Math.max(0, (total - last.done) / perSecond)
  }
}
