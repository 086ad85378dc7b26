import { expect, test } from 'vitest'
import { columnsOf, stepFrom } from '../../src/library/grid-step'

// 0 1 2
// 3 4 5
// 6
const GRID = { count: 7, columns: 3 }

test.each([
  [0, 'ArrowRight', 1],
  [2, 'ArrowRight', 3],
  [6, 'ArrowRight', null],
  [0, 'ArrowLeft', null],
  [1, 'ArrowDown', 4],
  [3, 'ArrowDown', 6],
  [5, 'ArrowDown', 6],
  [6, 'ArrowDown', null],
  [6, 'ArrowUp', 3],
  [1, 'ArrowUp', null],
  [4, 'Home', 0],
  [0, 'Home', null],
  [4, 'End', 6],
  [4, 'x', null],
])('from %i the key %s leads to %o', (place, key, expected) => {
  expect(stepFrom(place, key, GRID)).toBe(expected)
})

test('right is back where text runs from right to left', () => {
  expect(stepFrom(1, 'ArrowRight', { ...GRID, isRightToLeft: true })).toBe(0)
})

test.each([
  [[], 1],
  [[10], 1],
  [[10, 10, 10.4, 300, 300], 3],
  [[10, 300, 590], 1],
])('tops of %o stand in %i columns', (tops, expected) => {
  expect(columnsOf(tops)).toBe(expected)
})
