// A list of places in the video, as links that `player/time-links.ts` follows: the current one is marked, and one
// of them at a time can be tabbed to.
import { lastBegun } from './words'

export class PlaceList {
  #links: HTMLAnchorElement[] = []
  #starts: number[] = []
  #current: HTMLAnchorElement | undefined

  constructor(private readonly list: HTMLElement) {
    list.addEventListener('keydown', (event) => this.#move(event))
    this.read()
  }

  /** There are other links in the list, or some of them are hidden. */
  read(): void {
    this.#links = [...this.list.querySelectorAll<HTMLAnchorElement>('li:not([hidden]) > a')]
    this.#starts = this.#links.map((link) => Number(link.dataset.seconds))
    this.#current = undefined
    for (const link of this.list.querySelectorAll('a')) {
      link.tabIndex = -1
      link.removeAttribute('aria-current')
    }
    if (this.#links[0]) this.#links[0].tabIndex = 0
  }

  follow(seconds: number): void {
    const link = this.#links[lastBegun(this.#starts, seconds)]
    if (link === this.#current) return
    this.#current?.removeAttribute('aria-current')
    link?.setAttribute('aria-current', 'true')
    this.#current = link
    if (!link || this.list.matches(':hover, :has(:focus-visible)')) return
    this.#makeReachable(link)
    // Only the list scrolls, never the page.
    const top = this.list.scrollTop + link.getBoundingClientRect().top - this.list.getBoundingClientRect().top
    const behavior = matchMedia('(prefers-reduced-motion: reduce)').matches ? 'instant' : 'smooth'
    this.list.scrollTo({ top: top - this.list.clientHeight / 3, behavior })
  }

  #move(event: KeyboardEvent): void {
    const at = this.#links.indexOf(document.activeElement as HTMLAnchorElement)
    const places: Record<string, number> = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: -1 }
    const place = places[event.key]
    const next =
      place === undefined || (event.key === 'ArrowUp' && at === 0) ? undefined : this.#links.at(place)
    if (at < 0 || !next) return
    event.preventDefault()
    event.stopPropagation()
    this.#makeReachable(next)
    next.focus()
  }

  #makeReachable(link: HTMLAnchorElement): void {
    for (const other of this.#links) if (other.tabIndex === 0) other.tabIndex = -1
    link.tabIndex = 0
  }
}
