// A card under the pointer, or with the focus, plays the storyboard of its video in its picture.
import { fetchVideo, type Storyboard } from '../api/videos'
import { drawTile, loadBoard } from '../ui/storyboard'

// Long enough that a pointer on its way over the page asks for nothing.
const REST_MS = 250
const TILE_MS = 350

export function startCardPreviews(grids: Iterable<HTMLElement>): void {
  if (matchMedia('(prefers-reduced-motion: reduce)').matches) return
  const player = new CardPreviews()
  for (const grid of grids) listen(grid, player)
}

function listen(grid: HTMLElement, player: CardPreviews): void {
  grid.addEventListener('pointerover', ({ target, pointerType }) => {
    // A finger that scrolls shows nothing.
    if (pointerType === 'mouse') player.enter(cardOf(target))
  })
  grid.addEventListener('pointerleave', () => player.enter(null))
  grid.addEventListener('focusin', ({ target }) => player.enter(cardOf(target)))
  grid.addEventListener('focusout', () => player.enter(null))
}

const cardOf = (target: EventTarget | null): HTMLElement | null =>
  (target as Element | null)?.closest<HTMLElement>('.card:not([data-state])') ?? null

/** At most one card of the page plays. */
class CardPreviews {
  readonly #boards = new Map<string, Promise<Storyboard | null>>()
  #card: HTMLElement | null = null
  #timer = 0

  enter(card: HTMLElement | null): void {
    if (card === this.#card) return
    this.#stop()
    this.#card = card
    if (card) this.#timer = window.setTimeout(() => void this.#play(card), REST_MS)
  }

  #stop(): void {
    clearTimeout(this.#timer)
    this.#card?.querySelector('.thumb__tile')?.remove()
  }

  async #play(card: HTMLElement): Promise<void> {
    const board = await this.#boardOf(card.dataset.video ?? '')
    if (!board || card !== this.#card) return
    const tile = document.createElement('span')
    tile.className = 'thumb__tile'
    card.querySelector('.thumb')?.append(tile)
    this.#show(tile, board, 0)
  }

  #show(tile: HTMLElement, board: Storyboard, place: number): void {
    const count = board.columns * board.rows
    drawTile(tile, board, place % count)
    this.#timer = window.setTimeout(() => this.#show(tile, board, place + 1), TILE_MS)
  }

  /** Its picture is loaded. Asked for once; what failed is asked for again. */
  #boardOf(id: string): Promise<Storyboard | null> {
    let board = this.#boards.get(id)
    if (board !== undefined) return board
    board = fetchVideo(id)
      .then(({ storyboard }) => storyboard && loadBoard(storyboard))
      .catch(() => {
        this.#boards.delete(id)
        return null
      })
    this.#boards.set(id, board)
    return board
  }
}
