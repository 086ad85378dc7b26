// A word on the picture for a moment.
const HINT_MS = 900

export class Hint {
  readonly #element: HTMLElement
  #timer: ReturnType<typeof setTimeout> | undefined

  constructor(root: HTMLElement) {
    this.#element = root.querySelector('.player__hint') as HTMLElement
  }

  show(text: string): void {
    if (!text) return
    this.#element.textContent = text
    this.#element.hidden = false
    clearTimeout(this.#timer)
    this.#timer = setTimeout(() => {
      this.#element.hidden = true
    }, HINT_MS)
  }
}
