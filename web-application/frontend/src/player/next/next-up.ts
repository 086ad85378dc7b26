// The card over the last picture that names the next video, and goes there by itself unless somebody stops it.
import type { NextVideo } from '../../api/videos'
import { announce } from '../../ui/announce'
import { opensElsewhere } from '../../ui/opens-elsewhere'
import { clock } from '../../ui/words'
import { announceArrival } from './arrival'
import { Countdown } from './countdown'

const SECONDS = 8

export class NextUp {
  readonly #card: HTMLElement | null
  readonly #countdown = new Countdown(
    (seconds) => this.#write(`Next in ${seconds} s`),
    () => this.go(),
  )
  #next: NextVideo | null = null

  constructor(
    root: HTMLElement,
    video: HTMLVideoElement,
    private readonly playsByItself: () => boolean,
  ) {
    // An embedded player has no card.
    this.#card = root.querySelector('[data-role="next"]')
    video.addEventListener('ended', () => this.#offer())
    for (const event of ['play', 'seeking'] as const) video.addEventListener(event, () => this.#hide())
    this.#card?.querySelector('[data-role="stay"]')?.addEventListener('click', () => this.#stay(root))
    document.addEventListener('keydown', ({ key }) => {
      if (key === 'Escape' && this.#card?.hidden === false) this.#stay(root)
    })
    this.#card?.querySelector('a')?.addEventListener('click', (event) => {
      if (opensElsewhere(event)) return
      event.preventDefault()
      this.go()
    })
  }

  /** The site tells it to pages alone: what it leaves out stays. */
  update(next: NextVideo | null | undefined): void {
    if (next !== undefined) this.#next = next
  }

  get hasNext(): boolean {
    return this.#next !== null && this.#card !== null
  }

  /** Words for the hint, where there is none to go to. */
  go(): string {
    if (!this.#next || !this.#card) return 'No next video'
    this.#countdown.stop()
    announceArrival(this.#next.url)
    location.assign(this.#next.url)
    return ''
  }

  /** The countdown ends, and nothing follows. */
  #stay(root: HTMLElement): void {
    this.#hide()
    root.focus({ preventScroll: true })
  }

  #offer(): void {
    if (!this.#next || !this.#card) return
    const { title, url, thumbnail_url: thumbnail, duration_seconds: seconds } = this.#next
    const link = this.#card.querySelector('a') as HTMLAnchorElement
    const picture = this.#card.querySelector('img') as HTMLImageElement
    link.href = url
    link.textContent = title
    picture.hidden = !thumbnail
    if (thumbnail) picture.src = thumbnail
    const length = this.#card.querySelector('[data-role="next-length"]') as HTMLElement
    length.textContent = seconds === null ? '' : clock(seconds)
    this.#card.hidden = false
    const isCounted = this.playsByItself()
    // Once: a screen reader that reads every second says nothing else.
    announce(isCounted ? `Next in ${SECONDS} s: ${title}. Escape stays here.` : `Next: ${title}`)
    if (isCounted) this.#countdown.start(SECONDS)
    else this.#write('Next')
  }

  #hide(): void {
    this.#countdown.stop()
    if (this.#card) this.#card.hidden = true
  }

  #write(words: string): void {
    const line = this.#card?.querySelector('[data-role="next-words"]')
    if (line) line.textContent = words
  }
}
