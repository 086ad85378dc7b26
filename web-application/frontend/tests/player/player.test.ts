import { expect, test } from 'vitest'
import { deedOf } from '../../src/player/keys'
import { isWorthKeeping } from '../../src/player/preferences'
import { startAt } from '../../src/player/start-at'
import { TimeLeft } from '../../src/ui/time-left'

test.each([
  [' ', { do: 'play' }],
  ['K', { do: 'play' }],
  ['j', { do: 'skip', seconds: -10 }],
  ['7', { do: 'jump', share: 0.7 }],
  ['>', { do: 'speed', step: 1 }],
  ['Enter', null],
  ['Tab', null],
])('the key %s does %o', (key, deed) => {
  expect(deedOf(key)).toEqual(deed)
})

test.each([
  ['?t=83', 83],
  ['?t=1m23s', 83],
  ['?t=1h0m3s', 3603],
  ['?t=', null],
  ['?t=soon', null],
  ['', null],
])('a link with %s starts at %s', (search, seconds) => {
  expect(startAt(search)).toBe(seconds)
})

test('a place is kept neither at the very start nor at the end', () => {
  expect(isWorthKeeping(3, 100)).toBe(false)
  expect(isWorthKeeping(50, 100)).toBe(true)
  expect(isWorthKeeping(97, 100)).toBe(false)
})

test('the time left follows the speed of the last stretch', () => {
  const left = new TimeLeft(10_000)
  expect(left.seconds(100)).toBeNull()

  left.add(0, 0)
  left.add(5000, 10)
  expect(left.seconds(100)).toBe(45)

  left.add(15_000, 10)
  left.add(20_000, 50)
  expect(left.seconds(100)).toBeCloseTo(18.75)
})
