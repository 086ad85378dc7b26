// A panel over the picture that a button of the bar opens and closes: Escape and a click elsewhere close it, too.

const FIRST = 'input:checked, [aria-current="true"]'
const ANY = 'input, button'

export class Popup {
  constructor(
    readonly panel: HTMLElement,
    readonly button: HTMLElement,
  ) {
    button.addEventListener('click', () => this.toggle())
    document.addEventListener('click', ({ target }) => {
      if (target instanceof Node && !panel.contains(target) && !button.contains(target)) this.close()
    })
    panel.addEventListener('keydown', (event) => {
      if (event.key !== 'Escape') return
      event.stopPropagation()
      this.close()
      button.focus()
    })
  }

  get isOpen(): boolean {
    return !this.panel.hidden
  }

  toggle(): void {
    this.panel.hidden = !this.panel.hidden
    this.button.setAttribute('aria-expanded', String(this.isOpen))
    if (!this.isOpen) return
    const first = this.panel.querySelector<HTMLElement>(FIRST) ?? this.panel.querySelector<HTMLElement>(ANY)
    first?.focus()
  }

  close(): void {
    if (this.isOpen) this.toggle()
  }
}
