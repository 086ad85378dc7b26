import { expect, test } from 'vitest'
import { tileAt } from '../../../src/player/timeline/timeline-tip'

const BOARD = { columns: 10, rows: 10, seconds_per_tile: 2 }

test.each([
  [0, 0, 0],
  [1.9, 0, 0],
  [2, 1, 0],
  [20, 0, 1],
  [199, 9, 9],
  [200, 9, 9],
  [-1, 0, 0],
])('second %d is in column %i of row %i', (seconds, column, row) => {
  expect(tileAt(BOARD, seconds)).toEqual({ column, row })
})
