// Uploads that may send bytes now, and the places in which the others wait.
export class UploadQueue<T> {
  readonly #sending = new Set<T>()
  #waiting: T[] = []

  constructor(
    private readonly limit: number,
    /** Called when it is the turn of an item. */
    private readonly start: (item: T) => void,
    /** Called with every waiting item and its place, from 1, when places change. */
    private readonly tellPlace: (item: T, place: number) => void = () => {},
  ) {}

  /** Stand in line. Standing twice changes nothing. */
  enter(item: T): void {
    if (this.#sending.has(item) || this.#waiting.includes(item)) return
    this.#waiting.push(item)
    this.#serve()
  }

  /** Done, paused or gone: the next may start. */
  leave(item: T): void {
    this.#sending.delete(item)
    this.#waiting = this.#waiting.filter((other) => other !== item)
    this.#serve()
  }

  #serve(): void {
    while (this.#sending.size < this.limit) {
      const next = this.#waiting.shift()
      if (next === undefined) break
      this.#sending.add(next)
      this.start(next)
    }
    for (const [index, item] of this.#waiting.entries()) this.tellPlace(item, index + 1)
  }
}
