// Where an arrow key leads in a grid of cards. Pure.
interface Grid {
  count: number
  /** Cards in a row. */
  columns: number
  isRightToLeft?: boolean
}

/**
 * The place of the card that `key` leads to from `place`, or null when it leads nowhere.
 * Down from above a last row that is not full leads to the last card.
 */
export function stepFrom(place: number, key: string, grid: Grid): number | null {
  const last = grid.count - 1
  const next = key === 'ArrowDown' ? below(place, grid) : placeAfter(place, key, grid)
  return next === null || next === place || next < 0 || next > last ? null : next
}

function placeAfter(place: number, key: string, { count, columns, isRightToLeft }: Grid): number | null {
  const forwards = isRightToLeft ? -1 : 1
  const places: Record<string, number> = {
    ArrowRight: place + forwards,
    ArrowLeft: place - forwards,
    ArrowUp: place - columns,
    Home: 0,
    End: count - 1,
  }
  return places[key] ?? null
}

function below(place: number, { count, columns }: Grid): number {
  const last = count - 1
  return rowOf(place, columns) < rowOf(last, columns) ? Math.min(last, place + columns) : place
}

const rowOf = (place: number, columns: number): number => Math.floor(place / columns)

/** Cards in the first row, by the tops of all of them. */
export function columnsOf(tops: readonly number[]): number {
  const next = tops.findIndex((top) => top > (tops[0] ?? 0) + 1)
  return Math.max(1, next < 0 ? tops.length : next)
}
