// The little menu of speed and quality.
import { AUTO, type Quality } from '../source/qualities'

export const SPEEDS = [0.5, 0.75, 1, 1.25, 1.5, 1.75, 2]

interface Choices {
  onSpeed: (speed: number) => void
  onQuality: (quality: string) => void
}

export class SettingsMenu {
  readonly #menu: HTMLElement
  readonly #button: HTMLElement
  readonly #qualities: HTMLFieldSetElement
  /** By their values. Who is choosing keeps the focus when the same are offered again. */
  #offered = ''
  #shown = ''
  #speed = 1

  constructor(
    root: HTMLElement,
    private readonly choices: Choices,
  ) {
    this.#menu = root.querySelector('[data-role="menu"]') as HTMLElement
    this.#button = root.querySelector('[data-role="settings"]') as HTMLElement
    const speeds = this.#menu.querySelector('[data-role="speeds"]') as HTMLFieldSetElement
    this.#qualities = this.#menu.querySelector('[data-role="qualities"]') as HTMLFieldSetElement
    for (const speed of SPEEDS)
      speeds.append(choice('speed', `${speed}×`, String(speed), () => choices.onSpeed(speed)))

    document.addEventListener('click', (event) => {
      const target = event.target as Node
      if (!this.#menu.contains(target) && !this.#button.contains(target)) this.close()
    })
    this.#menu.addEventListener('keydown', (event) => {
      if (event.key !== 'Escape') return
      event.stopPropagation()
      this.close()
      this.#button.focus()
    })
  }

  get isOpen(): boolean {
    return !this.#menu.hidden
  }

  toggle(): void {
    this.#menu.hidden = !this.#menu.hidden
    this.#button.setAttribute('aria-expanded', String(this.isOpen))
    if (this.isOpen) this.#menu.querySelector<HTMLElement>('input:checked')?.focus()
  }

  close(): void {
    if (this.isOpen) this.toggle()
  }

  showSpeed(speed: number): void {
    this.#speed = speed
    this.#check('speed', String(speed))
    this.#write()
  }

  /** Show the choices; one alone is none. */
  offer(qualities: Quality[], chosen: string): void {
    const values = qualities.map(({ value }) => value).join()
    if (values !== this.#offered) this.#list(qualities)
    this.#offered = values
    this.#qualities.hidden = qualities.length === 0
    this.#check('quality', chosen)
    if (this.#qualities.hidden) this.showQuality('')
  }

  #list(qualities: Quality[]): void {
    for (const old of this.#qualities.querySelectorAll('label')) old.remove()
    for (const { value, label } of qualities)
      this.#qualities.append(choice('quality', label, value, () => this.choices.onQuality(value)))
  }

  /** The quality that is seen now, as `720p`; empty when it is the only one. */
  showQuality(label: string): void {
    this.#shown = this.#qualities.hidden ? '' : label
    const auto = this.#qualities.querySelector<HTMLInputElement>(`input[value="${AUTO}"]`)
    const words = auto?.nextElementSibling
    if (words) words.textContent = auto.checked && this.#shown ? `Auto · ${this.#shown}` : 'Auto'
    this.#write()
  }

  #write(): void {
    const speed = this.#speed === 1 && this.#shown ? '' : `${this.#speed}×`
    const words = [this.#shown, speed].filter(Boolean)
    this.#button.textContent = words.join(' · ')
    this.#button.setAttribute('aria-label', `Speed and quality: ${words.join(', ')}`)
  }

  #check(name: string, value: string): void {
    for (const input of this.#menu.querySelectorAll<HTMLInputElement>(`input[name="player-${name}"]`)) {
      input.checked = input.value === value
    }
  }
}

function choice(name: string, text: string, value: string, onChoose: () => void): HTMLLabelElement {
  const input = Object.assign(document.createElement('input'), {
    type: 'radio',
    name: `player-${name}`,
    value,
  })
  input.addEventListener('change', onChoose)
  const label = document.createElement('label')
  label.append(input, Object.assign(document.createElement('span'), { textContent: text }))
  return label
}
