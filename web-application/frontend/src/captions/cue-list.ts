// The rows of the editor, in their order.
import { type Cue, newCue, splitCue } from './cue'
import { CueRow } from './cue-row'

const ROWS_PER_FRAME = 200

export class CueList {
  readonly #rows: CueRow[] = []
  #deleted: { cue: Cue; place: number } | null = null

  constructor(
    private readonly list: HTMLElement,
    private readonly template: HTMLTemplateElement,
    private readonly onChange: () => void,
  ) {
    list.addEventListener('input', () => onChange())
  }

  get cues(): Cue[] {
    return this.#rows.map((row) => row.cue)
  }

  get canUndo(): boolean {
    return this.#deleted !== null
  }

  /** Show what is wrong; false when something is. */
  check(): boolean {
    return this.#rows.map((row) => row.check()).every(Boolean)
  }

  /** Thousands of rows come bit by bit, so that the page answers meanwhile. Resolves when all are there. */
  async fill(cues: readonly Cue[]): Promise<void> {
    for (let start = 0; start < cues.length; start += ROWS_PER_FRAME) {
      if (start > 0) await new Promise(requestAnimationFrame)
      const rows = cues.slice(start, start + ROWS_PER_FRAME).map((cue) => new CueRow(this.template, cue))
      this.#rows.push(...rows)
      this.list.append(...rows.map((row) => row.element))
    }
  }

  rowOf(target: EventTarget | null): CueRow | undefined {
    const element = target instanceof Element ? target.closest('li') : null
    return this.#rows.find((row) => row.element === element)
  }

  /** A cue that begins at this moment, where it belongs. */
  addAt(seconds: number): void {
    const after = this.#rows.findIndex((row) => row.cue.start_seconds > seconds)
    const place = after < 0 ? this.#rows.length : after
    this.#insert(place, newCue(seconds, this.#rows[place]?.cue))
  }

  addBelow(row: CueRow): void {
    const place = this.#rows.indexOf(row) + 1
    this.#insert(place, newCue(row.cue.end_seconds || 0, this.#rows[place]?.cue))
  }

  split(row: CueRow): void {
    const halves = splitCue(row.cue, row.caret)
    if (!halves) return
    row.show(halves[0])
    this.#insert(this.#rows.indexOf(row) + 1, halves[1])
  }

  delete(row: CueRow): void {
    const place = this.#rows.indexOf(row)
    this.#deleted = { cue: row.cue, place }
    this.#rows.splice(place, 1)
    row.element.remove()
    ;(this.#rows[place] ?? this.#rows[place - 1])?.focus()
    this.onChange()
  }

  undo(): void {
    const deleted = this.#deleted
    this.#deleted = null
    if (deleted) this.#insert(deleted.place, deleted.cue)
  }

  /** step: 1 for the row below, -1 for the one above. */
  go(row: CueRow, step: 1 | -1): void {
    this.#rows[this.#rows.indexOf(row) + step]?.focus()
  }

  /** Mark the cue of this moment. Resolves to it. */
  follow(seconds: number): Cue | null {
    const isCurrent = ({ cue }: CueRow) => cue.start_seconds <= seconds && seconds < cue.end_seconds
    const current = this.#rows.find(isCurrent)
    for (const row of this.#rows) row.markCurrent(row === current)
    if (current && !this.list.contains(document.activeElement))
      current.element.scrollIntoView({ block: 'nearest' })
    return current?.cue ?? null
  }

  #insert(place: number, cue: Cue): void {
    const row = new CueRow(this.template, cue)
    this.list.insertBefore(row.element, this.#rows[place]?.element ?? null)
    this.#rows.splice(place, 0, row)
    row.focus()
    this.onChange()
  }
}
