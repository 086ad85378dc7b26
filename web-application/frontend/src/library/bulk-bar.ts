// Selected videos of one's own, and the bar with what can be done to all of them.
import { changeVideos, type Outcome, restoreVideo } from '../api/bulk'
import { ApiError } from '../api/client'
import type { Visibility } from '../api/videos'
import { announce } from '../ui/announce'
import { isTyping } from '../ui/shortcuts'
import { followCard } from './follow-cards'
import { renewCards } from './fresh-cards'
import { outcomeText, videos } from './outcome-text'
import { Selection } from './selection'

export function startBulkBar(grid: HTMLElement): void {
  const bar = document.getElementById('bulk')
  if (bar) new BulkBar(grid, bar)
}

class BulkBar {
  readonly #selection = new Selection()
  /** What "Undo" takes back. */
  #trashed: string[] = []

  constructor(
    private readonly grid: HTMLElement,
    private readonly bar: HTMLElement,
  ) {
    grid.addEventListener('click', (event) => this.#onClick(event))
    grid.addEventListener('change', ({ target }) => this.#onChange(target as HTMLInputElement))
    document.addEventListener('keydown', (event) => this.#onKey(event))
    bar.addEventListener('click', ({ target }) => this.#onAction((target as Element).closest('button')))
    this.#part<HTMLSelectElement>('visibility').addEventListener('change', ({ currentTarget }) => {
      void this.#setVisibility(currentTarget as HTMLSelectElement)
    })
    // A page that the browser brings back has its boxes checked as they were.
    for (const box of this.#boxes) if (box.checked) this.#selection.toggle(box.value)
    this.#show()
  }

  get #boxes(): HTMLInputElement[] {
    return [...this.grid.querySelectorAll<HTMLInputElement>('[data-select]')]
  }

  get #order(): string[] {
    return this.#boxes.map((box) => box.value)
  }

  #part<T extends HTMLElement>(role: string): T {
    return this.bar.querySelector(`[data-role="${role}"]`) as T
  }

  /** A click with Shift selects all that lie between. */
  #onClick(event: MouseEvent): void {
    const box = (event.target as Element).closest<HTMLInputElement>('[data-select]')
    if (!box || !event.shiftKey) return
    this.#selection.extendTo(box.value, this.#order)
    // After the browser has changed the box by itself.
    setTimeout(() => this.#show())
  }

  #onChange(box: HTMLInputElement): void {
    if (!box.matches('[data-select]')) return
    if (box.checked !== this.#selection.has(box.value)) this.#selection.toggle(box.value)
    this.#show()
  }

  #onKey(event: KeyboardEvent): void {
    if (isTyping(event.target) || document.querySelector('dialog[open]')) return
    const isInGrid = this.grid.contains(document.activeElement)
    if ((event.ctrlKey || event.metaKey) && event.key === 'a' && isInGrid && this.#order.length > 0) {
      event.preventDefault()
      this.#selection.selectAll(this.#order)
    } else if (event.key === 'Escape' && this.#selection.ids.length > 0) {
      this.#selection.clear()
    } else return
    this.#show()
  }

  #onAction(button: HTMLButtonElement | null): void {
    const action = button?.dataset.role
    if (action === 'clear') this.#clear()
    else if (action === 'delete') void this.#moveToTrash()
    else if (action === 'retry') void this.#processAgain()
    else if (action === 'undo') void this.#restore()
  }

  async #setVisibility(select: HTMLSelectElement): Promise<void> {
    const visibility = select.value as Visibility
    const word = select.selectedOptions[0]?.text.toLowerCase() ?? visibility
    select.selectedIndex = 0
    const outcomes = await this.#change({ visibility })
    if (!outcomes) return
    await this.#renew(outcomes)
    this.#clear(
      outcomeText(outcomes, (count) => `${videos(count)} ${count === 1 ? 'is' : 'are'} now ${word}`),
    )
  }

  async #processAgain(): Promise<void> {
    const outcomes = await this.#change({ retry: true })
    if (!outcomes) return
    await this.#renew(outcomes)
    this.#clear(
      outcomeText(outcomes, (count) => `${videos(count)} ${count === 1 ? 'is' : 'are'} processed again`),
    )
  }

  async #moveToTrash(): Promise<void> {
    const outcomes = await this.#change({ delete: true })
    if (!outcomes) return
    this.#trashed = outcomes.flatMap(({ id, error }) => (error ? [] : [id]))
    for (const id of this.#trashed) this.#card(id)?.setAttribute('hidden', '')
    this.#clear(outcomeText(outcomes, (count) => `Moved ${videos(count)} to the trash`))
  }

  async #restore(): Promise<void> {
    const ids = this.#trashed
    this.#trashed = []
    try {
      await Promise.all(ids.map(restoreVideo))
      for (const id of ids) this.#card(id)?.removeAttribute('hidden')
      this.#clear(`${videos(ids.length)} taken back.`)
    } catch (error) {
      this.#clear(error instanceof ApiError ? error.message : String(error))
    }
  }

  /** null when nothing was changed; the bar says why. */
  async #change(change: Parameters<typeof changeVideos>[1]): Promise<Outcome[] | null> {
    this.#trashed = []
    this.bar.setAttribute('aria-busy', 'true')
    try {
      return await changeVideos(this.#selection.ids, change)
    } catch (error) {
      this.#say(error instanceof ApiError ? error.message : String(error))
      return null
    } finally {
      this.bar.removeAttribute('aria-busy')
    }
  }

  async #renew(outcomes: readonly Outcome[]): Promise<void> {
    const cards = outcomes.flatMap(({ id }) => this.#card(id) ?? [])
    for (const card of await renewCards(cards)) void followCard(card)
  }

  #card(id: string): HTMLElement | null {
    return this.grid.querySelector(`.card[data-video="${id}"]`)
  }

  #clear(words = ''): void {
    this.#selection.clear()
    this.#show()
    this.#say(words)
  }

  #show(): void {
    const { ids } = this.#selection
    for (const box of this.#boxes) box.checked = this.#selection.has(box.value)
    this.grid.toggleAttribute('data-selecting', ids.length > 0)
    this.#part('actions').hidden = ids.length === 0
    this.#part('count').textContent = ids.length > 0 ? `${ids.length} selected` : ''
    this.#part('retry').hidden = !ids.some((id) => this.#card(id)?.dataset.state === 'bad')
    this.#part('undo').hidden = true
    this.bar.hidden = ids.length === 0
    if (ids.length > 0) announce(`${ids.length} selected`)
  }

  #say(words: string): void {
    if (!words) return
    this.#part('count').textContent = words
    this.#part('undo').hidden = this.#trashed.length === 0
    this.bar.hidden = false
    announce(words)
  }
}
