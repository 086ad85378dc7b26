// Radio buttons of a menu, in a <fieldset> that the page brings.

export interface Choice {
  value: string
  label: string
}

export class Choices {
  /** By their values. Who is choosing keeps the focus when the same are offered again. */
  #offered = ''

  /** name: of the radio buttons, for no other group of the page. */
  constructor(
    readonly fieldset: HTMLFieldSetElement,
    private readonly name: string,
    private readonly onChoose: (value: string) => void,
  ) {}

  offer(choices: readonly Choice[], chosen: string): void {
    const offered = JSON.stringify(choices)
    if (offered !== this.#offered) this.#list(choices)
    this.#offered = offered
    this.check(chosen)
  }

  check(chosen: string): void {
    for (const input of this.#inputs) input.checked = input.value === chosen
  }

  /** Another text beside the same button. */
  relabel(value: string, label: string): void {
    const words = this.#inputs.find((input) => input.value === value)?.nextElementSibling
    if (words) words.textContent = label
  }

  isChosen(value: string): boolean {
    return this.#inputs.some((input) => input.value === value && input.checked)
  }

  #list(choices: readonly Choice[]): void {
    for (const old of this.fieldset.querySelectorAll('label')) old.remove()
    this.fieldset.append(...choices.map((choice) => this.#labelOf(choice)))
  }

  #labelOf({ value, label: text }: Choice): HTMLLabelElement {
    const input = Object.assign(document.createElement('input'), {
      type: 'radio',
      name: `player-${this.name}`,
      value,
    })
    input.addEventListener('change', () => this.onChoose(value))
    const label = document.createElement('label')
    label.append(input, Object.assign(document.createElement('span'), { textContent: text }))
    return label
  }

  get #inputs(): HTMLInputElement[] {
    return [...this.fieldset.querySelectorAll('input')]
  }
}
