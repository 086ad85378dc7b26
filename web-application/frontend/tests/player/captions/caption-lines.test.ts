import { expect, test } from 'vitest'
import { placeOf } from '../../../src/player/captions/caption-lines'

test.each([
  ['auto', true, 'bottom'],
  [0, true, 'top'],
  [-2, true, 'bottom'],
  [12, true, 'bottom'],
  [10, false, 'top'],
  [90, false, 'bottom'],
] as const)('a cue at line %s (counted in lines: %s) is at the %s', (line, snapToLines, place) => {
  expect(placeOf({ line, snapToLines })).toBe(place)
})
