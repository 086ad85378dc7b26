// Chapters on the player: ticks on the timeline, the name of the present one in the bar, and the list of all.
import type { Chapter } from '../../api/captions'
import { clock } from '../../ui/words'
import { Popup } from '../menu/popup'
import { chapterAt, chapterBeside, chaptersWithin } from './chapters'

const SVG = 'http://www.w3.org/2000/svg'

export class ChapterList {
  readonly #popup: Popup
  readonly #ticks: SVGGElement
  #given: readonly Chapter[] = []
  #chapters: Chapter[] = []
  #place = -1

  constructor(
    root: HTMLElement,
    private readonly video: HTMLVideoElement,
  ) {
    const part = (role: string) => root.querySelector(`[data-role="${role}"]`) as HTMLElement
    this.#popup = new Popup(part('chapters-menu'), part('chapters'))
    this.#ticks = root.querySelector('.timeline .ticks') as SVGGElement
    video.addEventListener('durationchange', () => this.#draw())
    for (const event of ['timeupdate', 'seeked'] as const) video.addEventListener(event, () => this.#follow())
  }

  update(chapters: readonly Chapter[] | undefined): void {
    if (!chapters) return
    this.#given = chapters
    this.#draw()
  }

  /** The name of the chapter at this moment; empty where there is none. */
  titleAt(seconds: number): string {
    return this.#chapters[chapterAt(this.#chapters, seconds)]?.title ?? ''
  }

  /** Go to the one before or after. Words for the hint. */
  step(step: 1 | -1): string {
    if (this.#chapters.length === 0) return 'No chapters'
    const chapter = chapterBeside(this.#chapters, this.video.currentTime, step)
    if (!chapter) return 'Last chapter'
    this.video.currentTime = chapter.start_seconds
    return chapter.title
  }

  #draw(): void {
    const length = Number.isFinite(this.video.duration) ? this.video.duration : 0
    this.#chapters = chaptersWithin(this.#given, length)
    const { button, panel } = this.#popup
    button.hidden = this.#chapters.length === 0
    panel.replaceChildren(...this.#chapters.map((chapter) => this.#line(chapter)))
    const inner = this.#chapters.filter(({ start_seconds: start }) => start > 0)
    this.#ticks.replaceChildren(...inner.map(({ start_seconds: start }) => tickAt(start / length)))
    this.#place = -1
    this.#follow()
  }

  #follow(): void {
    const place = chapterAt(this.#chapters, this.video.currentTime)
    if (place === this.#place) return
    this.#place = place
    const { button, panel } = this.#popup
    const title = this.#chapters[place]?.title ?? 'Chapters'
    const words = button.querySelector('.bar__chapter')
    if (words) words.textContent = title
    button.setAttribute('aria-label', place < 0 ? title : `Chapters, now: ${title}`)
    for (const [index, line] of [...panel.children].entries())
      line.setAttribute('aria-current', String(index === place))
  }

  #line({ title, start_seconds: start }: Chapter): HTMLButtonElement {
    const line = Object.assign(document.createElement('button'), { type: 'button' })
    const name = Object.assign(document.createElement('span'), { textContent: title, dir: 'auto' })
    line.append(Object.assign(document.createElement('time'), { textContent: clock(start) }), name)
    line.addEventListener('click', () => {
      this.video.currentTime = start
    })
    return line
  }
}

/** Share: of the length, from 0 to 1. */
function tickAt(share: number): SVGRectElement {
  const tick = document.createElementNS(SVG, 'rect')
  const attributes = { class: 'tick', x: `${(100 * share).toFixed(3)}%`, width: '2', height: '6' }
  for (const [name, value] of Object.entries(attributes)) tick.setAttribute(name, value)
  return tick
}
