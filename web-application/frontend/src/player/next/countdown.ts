/** Seconds that are told one by one, until they are over or somebody stops them. */
export class Countdown {
  #left = 0
  #timer: ReturnType<typeof setInterval> | undefined

  constructor(
    private readonly onLeft: (seconds: number) => void,
    private readonly onOver: () => void,
  ) {}

  start(seconds: number): void {
    this.stop()
    this.#left = seconds
    this.onLeft(seconds)
    this.#timer = setInterval(() => this.#count(), 1000)
  }

  stop(): void {
    clearInterval(this.#timer)
    this.#timer = undefined
  }

  #count(): void {
    this.#left -= 1
    this.onLeft(this.#left)
    if (this.#left > 0) return
    this.stop()
    this.onOver()
  }
}
