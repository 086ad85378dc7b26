// The tip over the timeline: the time under the pointer, the chapter and, where there is a storyboard, its picture.
import type { Storyboard } from '../../api/videos'
import { drawTile, loadBoard } from '../../ui/storyboard'
import { clock } from '../../ui/words'

export class TimelineTip {
  readonly #tip: HTMLElement
  readonly #tile: HTMLElement
  #board: Storyboard | null = null
  #hasAsked = false
  #seconds = 0

  constructor(
    root: HTMLElement,
    private readonly input: HTMLInputElement,
    private readonly fetchBoard: () => Promise<Storyboard | null>,
    private readonly chapterAt: (seconds: number) => string,
  ) {
    this.#tip = root.querySelector('[data-role="tip"]') as HTMLElement
    this.#tile = this.#tip.querySelector('.timeline__tile') as HTMLElement
    for (const event of ['pointermove', 'pointerdown'] as const) {
      input.addEventListener(event, ({ clientX }) => this.#show(clientX - input.getBoundingClientRect().left))
    }
    // A finger that leaves the line while it holds the head still looks for a place.
    for (const event of ['pointerleave', 'pointerup', 'pointercancel'] as const) {
      input.addEventListener(event, () => this.#hide())
    }
  }

  /** There may be a storyboard by now. */
  askAgain(): void {
    if (!this.#board) this.#hasAsked = false
  }

  #show(x: number): void {
    const [lengthSeconds, width] = [Number(this.input.max), this.input.clientWidth]
    if (!lengthSeconds || !width) return
    this.#ask()
    const seconds = lengthSeconds * shareAt(x, width)
    this.#write(seconds)
    this.#tip.hidden = false
    const half = this.#tip.offsetWidth / 2
    this.#tip.style.insetInlineStart = `${Math.min(width - half, Math.max(half, x))}px`
  }

  #write(seconds: number): void {
    const words = this.#tip.querySelector('span')
    if (words) words.textContent = clock(seconds)
    const chapter = this.#tip.querySelector<HTMLElement>('.timeline__chapter')
    if (chapter) chapter.textContent = this.chapterAt(seconds)
    this.#seconds = seconds
    this.#drawTile()
  }

  #drawTile(): void {
    if (this.#board) drawTile(this.#tile, this.#board, tileAt(this.#board, this.#seconds))
  }

  #hide(): void {
    this.#tip.hidden = true
  }

  #ask(): void {
    if (this.#hasAsked) return
    this.#hasAsked = true
    // What cannot be loaded is not shown: the time is there without it.
    void this.#load().catch(() => {})
  }

  async #load(): Promise<void> {
    const board = await this.fetchBoard()
    if (!board) return
    this.#board = await loadBoard(board)
    this.#tile.style.aspectRatio = `${board.tile_width} / ${board.tile_height}`
    this.#drawTile()
    this.#tile.hidden = false
  }
}

/** Place of the tile that shows this moment, in reading order; after the last one, the last. */
export function tileAt(
  { columns, rows, seconds_per_tile }: Pick<Storyboard, 'columns' | 'rows' | 'seconds_per_tile'>,
  seconds: number,
): number {
  return Math.min(columns * rows - 1, Math.max(0, Math.floor(seconds / seconds_per_tile)))
}

// The head's middle stands at the ends of the line only as far as its own half width lets it.
const HEAD_PX = 20
function shareAt(x: number, width: number): number {
  return Math.min(1, Math.max(0, (x - HEAD_PX / 2) / (width - HEAD_PX)))
}
