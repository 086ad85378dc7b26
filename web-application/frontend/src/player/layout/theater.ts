// Theater: the player has the width of the window. Kept in a cookie: the server writes it into the page, and nothing jumps.
const YEAR_SECONDS = 31_536_000

export class Theater {
  readonly #layout: HTMLElement | null
  readonly #button: HTMLElement

  constructor(root: HTMLElement) {
    this.#layout = root.closest('.watch')
    this.#button = root.querySelector('[data-do="theater"]') as HTMLElement
    this.#button.hidden = this.#layout === null
    this.#show()
  }

  /** Words for the hint. */
  toggle(): string {
    if (!this.#layout) return ''
    const isOn = this.#layout.toggleAttribute('data-theater')
    document.cookie = `theater=1; Path=/; Max-Age=${isOn ? YEAR_SECONDS : 0}; SameSite=Lax`
    this.#show()
    return isOn ? 'Theater' : 'Theater off'
  }

  #show(): void {
    this.#button.setAttribute('aria-pressed', String(this.#layout?.hasAttribute('data-theater') ?? false))
  }
}
