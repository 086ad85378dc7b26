// Tiles of a storyboard, drawn as the background of an element.
import type { Storyboard } from '../api/videos'

/** The same storyboard, once the browser has its picture. Rejects when it cannot be loaded. */
export async function loadBoard(board: Storyboard): Promise<Storyboard> {
  const picture = new Image()
  picture.src = board.url
  await picture.decode()
  return board
}

/** Show one tile, by its place in reading order. In shares of what overlaps, as CSS has it, so at any size. */
export function drawTile({ style }: HTMLElement, board: Storyboard, place: number): void {
  const { columns, rows } = board
  style.backgroundImage = `url(${JSON.stringify(board.url)})`
  style.backgroundSize = `${100 * columns}% ${100 * rows}%`
  const [column, row] = [place % columns, Math.floor(place / columns)]
  style.backgroundPosition = `${share(column, columns)}% ${share(row, rows)}%`
}

const share = (place: number, count: number): number => (count > 1 ? (100 * place) / (count - 1) : 0)
