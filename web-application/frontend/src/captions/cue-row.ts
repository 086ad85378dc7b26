// One cue in the editor: two times and a text.
import { type Cue, problemOf } from './cue'
import { readTime, writtenTime } from './times'

export class CueRow {
  readonly element: HTMLElement
  readonly #start: HTMLInputElement
  readonly #end: HTMLInputElement
  readonly #text: HTMLTextAreaElement
  readonly #problem: HTMLElement
  readonly #settings: string

  constructor(template: HTMLTemplateElement, cue: Cue) {
    this.element = (template.content.cloneNode(true) as DocumentFragment).firstElementChild as HTMLElement
    this.#start = this.#part('[data-role="start"]')
    this.#end = this.#part('[data-role="end"]')
    this.#text = this.#part('[data-role="text"]')
    this.#problem = this.#part('[data-role="problem"]')
    this.#settings = cue.settings
    this.show(cue)
  }

  get cue(): Cue {
    const { value: text } = this.#text
    const [start_seconds, end_seconds] = [readTime(this.#start.value), readTime(this.#end.value)]
    return { start_seconds, end_seconds, text, settings: this.#settings }
  }

  /** Of the cursor in the text; its end when the cursor is elsewhere. */
  get caret(): number {
    return document.activeElement === this.#text ? this.#text.selectionStart : this.#text.value.length
  }

  show({ start_seconds, end_seconds, text }: Cue): void {
    this.#start.value = writtenTime(start_seconds)
    this.#end.value = writtenTime(end_seconds)
    this.#text.value = text
    this.check()
  }

  setStart(seconds: number): void {
    this.#start.value = writtenTime(seconds)
  }

  setEnd(seconds: number): void {
    this.#end.value = writtenTime(seconds)
  }

  /** Show what is wrong; false when something is. */
  check(): boolean {
    const problem = problemOf(this.cue)
    for (const input of [this.#start, this.#end]) input.setAttribute('aria-invalid', String(problem !== null))
    this.#problem.hidden = problem === null
    this.#problem.textContent = problem ?? ''
    return problem === null
  }

  focus(): void {
    this.#text.focus()
    this.element.scrollIntoView({ block: 'nearest' })
  }

  markCurrent(isCurrent: boolean): void {
    if (isCurrent) this.element.setAttribute('aria-current', 'true')
    else this.element.removeAttribute('aria-current')
  }

  #part<T extends HTMLElement>(selector: string): T {
    return this.element.querySelector(selector) as T
  }
}
