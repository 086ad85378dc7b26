// What is said, beside the player: it follows, and can be searched and copied.
import type { Spoken, TranscriptPage } from '../api/captions'
import { send } from '../api/client'
import { announce } from '../ui/announce'
import { copyText } from '../ui/clipboard'
import { clock } from '../ui/words'
import { PlaceList } from './place-list'
import { hitsIn } from './words'

const TYPING_MS = 150

export class TranscriptPanel {
  readonly #places: PlaceList
  readonly #list: HTMLElement
  readonly #words: HTMLInputElement
  #spoken: Spoken[] = []
  #reading = 0
  #timer: ReturnType<typeof setTimeout> | undefined

  constructor(private readonly root: HTMLElement) {
    this.#list = this.#part('cues')
    this.#words = this.#part('words') as HTMLInputElement
    this.#places = new PlaceList(this.#list)
    this.#words.addEventListener('input', () => {
      clearTimeout(this.#timer)
      this.#timer = setTimeout(() => this.#search(), TYPING_MS)
    })
    this.#part('copy').addEventListener('click', () => void this.#copy())
    this.#language?.addEventListener('change', () => void this.read())
  }

  /** Read the transcript in the chosen language, page by page. */
  async read(): Promise<void> {
    const reading = ++this.#reading
    this.#spoken = []
    this.#list.replaceChildren()
    this.#setWaiting(true)
    let cursor: string | null = ''
    try {
      while (cursor !== null) {
        const page: TranscriptPage = await send('GET', this.#address(cursor))
        if (reading !== this.#reading) return
        this.#setWaiting(false)
        this.#append(page.items)
        cursor = page.next
      }
    } catch {
      if (reading !== this.#reading) return
      this.#setWaiting(false)
      this.#note('The transcript could not be loaded.')
    }
  }

  follow(seconds: number): void {
    this.#places.follow(seconds)
  }

  get #language(): HTMLSelectElement | null {
    return this.root.querySelector('[data-role="language"]')
  }

  #address(cursor: string): string {
    const language = this.#language?.value ?? ''
    return `${this.root.dataset.transcript}?${new URLSearchParams({ language, cursor })}`
  }

  #append(spoken: Spoken[]): void {
    this.#spoken.push(...spoken)
    this.#list.append(...spoken.map(itemOf))
    this.#search()
  }

  #search(): void {
    const query = this.#words.value
    let count = 0
    for (const [index, item] of [...this.#list.children].entries()) {
      const parts = hitsIn(this.#spoken[index]?.text ?? '', query)
      ;(item as HTMLElement).hidden = parts === null
      if (!parts) continue
      count += 1
      item
        .querySelector('span')
        ?.replaceChildren(...parts.map(({ text, isHit }) => (isHit ? marked(text) : text)))
    }
    this.#places.read()
    this.#note(query.trim() ? foundText(count, query.trim()) : '')
  }

  async #copy(): Promise<void> {
    const shown = this.#spoken.filter((_, index) => !(this.#list.children[index] as HTMLElement).hidden)
    const text = shown.map((spoken) => `${clock(spoken.start_seconds)} ${spoken.text}`).join('\n')
    const isCopied = await copyText(text)
    announce(isCopied ? 'Copied' : 'This browser does not let the page copy')
    this.#note(isCopied ? 'Copied.' : 'This browser does not let the page copy.')
  }

  #setWaiting(isWaiting: boolean): void {
    this.#part('waiting').hidden = !isWaiting
    this.#list.hidden = isWaiting
    this.#list.setAttribute('aria-busy', String(isWaiting))
  }

  #note(text: string): void {
    this.#part('note').textContent = text
  }

  #part(role: string): HTMLElement {
    return this.root.querySelector(`[data-role="${role}"]`) as HTMLElement
  }
}

function foundText(count: number, query: string): string {
  if (count === 0) return `Nobody says “${query}”.`
  return count === 1 ? 'Said once.' : `In ${count} places.`
}

function itemOf({ start_seconds, text }: Spoken): HTMLLIElement {
  const [item, link, time, words] = [
    document.createElement('li'),
    document.createElement('a'),
    document.createElement('time'),
    document.createElement('span'),
  ]
  link.className = 'cue'
  link.href = `?t=${Math.floor(start_seconds)}`
  link.dataset.seconds = String(start_seconds)
  time.textContent = clock(start_seconds)
  time.dateTime = `PT${start_seconds}S`.replaceAll(' min', 'm').replaceAll(/ (h|s)/g, '$1')
  words.textContent = text
  link.append(time, words)
  item.append(link)
  return item
}

function marked(text: string): HTMLElement {
  const mark = document.createElement('mark')
  mark.textContent = text
  return mark
}
