// The little menu of speed and quality.
import type { Source } from '../api'

export const SPEEDS = [0.5, 0.75, 1, 1.25, 1.5, 1.75, 2]

interface Choices {
  onSpeed: (speed: number) => void
  onSource: (source: Source) => void
}

export class Menu {
  #menu: HTMLElement
  #button: HTMLElement

  constructor(root: HTMLElement, sources: Source[], { onSpeed, onSource }: Choices) {
    this.#menu = root.querySelector('[data-role="menu"]') as HTMLElement
    this.#button = root.querySelector('[data-role="settings"]') as HTMLElement
    const speeds = this.#menu.querySelector('[data-role="speeds"]') as HTMLFieldSetElement
    const qualities = this.#menu.querySelector('[data-role="qualities"]') as HTMLFieldSetElement
    for (const speed of SPEEDS)
      speeds.append(choice('speed', `${speed}×`, String(speed), () => onSpeed(speed)))
    for (const source of sources)
      qualities.append(choice('quality', source.label, source.label, () => onSource(source)))
    qualities.hidden = sources.length < 2
    this.#check('quality', sources[0]?.label ?? '')

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
    this.#button.textContent = `${speed}×`
    this.#check('speed', String(speed))
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
  label.append(input, text)
  return label
}
