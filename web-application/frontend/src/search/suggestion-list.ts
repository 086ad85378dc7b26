// The list below the search field, as the listbox of a combobox.
// Source: ARIA Authoring Practices Guide, "Combobox Pattern".
import type { Suggestion } from '../api/suggestions'
import { optionStep } from './option-step'

const KINDS: Record<Suggestion['kind'], string> = {
  video: 'Video',
  tag: 'Tag',
  channel: 'Channel',
  search: 'Did you mean',
}

export class SuggestionList {
  #urls: string[] = []
  #current = -1

  constructor(
    private readonly field: HTMLInputElement,
    private readonly list: HTMLElement,
    private readonly go: (url: string) => void,
  ) {
    field.setAttribute('role', 'combobox')
    field.setAttribute('aria-autocomplete', 'list')
    field.setAttribute('aria-controls', list.id)
    field.setAttribute('aria-expanded', 'false')
    // A press on an option would take the focus from the field, and with it the list.
    list.addEventListener('mousedown', (event) => event.preventDefault())
    list.addEventListener('click', (event) => this.#choose((event.target as Element).closest('li')))
  }

  show(suggestions: Suggestion[]): void {
    this.#urls = suggestions.map(({ url }) => url)
    this.list.replaceChildren(...suggestions.map(optionOf))
    this.#setOpen(suggestions.length > 0)
  }

  close(): void {
    this.show([])
  }

  /** True when the key was for the list. */
  press(key: string): boolean {
    if (this.list.hidden) return false
    if (key === 'Escape') this.close()
    else if (key === 'Enter' && this.#current >= 0) this.#choose(this.list.children[this.#current] ?? null)
    else return this.#step(key)
    return true
  }

  #step(key: string): boolean {
    const next = optionStep(key, this.#current, this.#urls.length)
    if (next === null) return false
    this.#mark(next)
    return true
  }

  #choose(option: Element | null): void {
    const url = option ? this.#urls[[...this.list.children].indexOf(option)] : undefined
    if (url) this.go(url)
  }

  #setOpen(isOpen: boolean): void {
    this.list.hidden = !isOpen
    this.field.setAttribute('aria-expanded', String(isOpen))
    this.#mark(-1)
  }

  #mark(current: number): void {
    this.#current = current
    for (const [place, option] of [...this.list.children].entries())
      option.setAttribute('aria-selected', String(place === current))
    const option = this.list.children[current]
    if (option) this.field.setAttribute('aria-activedescendant', option.id)
    else this.field.removeAttribute('aria-activedescendant')
    option?.scrollIntoView({ block: 'nearest' })
  }
}

function optionOf({ text, kind }: Suggestion, place: number): HTMLElement {
  const option = document.createElement('li')
  option.id = `suggestion-${place}`
  option.setAttribute('role', 'option')
  const [words, label] = [document.createElement('span'), document.createElement('small')]
  words.textContent = text
  label.textContent = KINDS[kind]
  option.append(words, label)
  return option
}
