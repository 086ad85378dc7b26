import { expect, test } from 'vitest'
import { linkedSeconds } from '../../src/player/position'

test.each([
  ['?t=83', 83],
  ['?t=1m23s', 83],
  ['?t=1h0m3s', 3603],
  ['?t=', null],
  ['?t=soon', null],
  ['', null],
])('a link with %s starts at %s', (search, seconds) => {
  expect(linkedSeconds(search)).toBe(seconds)
})
