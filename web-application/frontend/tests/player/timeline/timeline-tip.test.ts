import { expect, test } from 'vitest'
import { tileAt } from '../../../src/player/timeline/timeline-tip'

const BOARD = { columns: 10, rows: 10, seconds_per_tile: 2 }

test.each([
  [0, 0],
  [1.9, 0],
  [2, 1],
  [20, 10],
  [199, 99],
  [200, 99],
  [-1, 0],
])('second %d is in tile %i', (seconds, place) => {
  expect(tileAt(BOARD, seconds)).toBe(place)
})
