import { expect, test } from 'vitest'
import { segmentsAt } from '../../../src/player/source/error-recovery'

const SEGMENTS = [
  { start: 0, duration: 2 },
  { start: 6, duration: 2 },
  { start: 6, duration: 2.5 },
]

test.each([
  [0, [0]],
  [2, []],
  [4.9, []],
  [5.1, [6, 6]],
  [8.2, [6]],
])('who stands at second %d needs the segments from %o', (seconds, starts) => {
  expect(segmentsAt(SEGMENTS, seconds).map(({ start }) => start)).toEqual(starts)
})
