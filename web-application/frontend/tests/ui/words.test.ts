import { expect, test } from 'vitest'
import { clock, size, sizeOf, spokenClock, wait } from '../../src/ui/words'

test.each([
  [0, '0 B'],
  [999, '999 B'],
  [340_000, '340 kB'],
  [1_000_000, '1 MB'],
  [1_250_000_000, '1.3 GB'],
  [20_000_000_000, '20 GB'],
  [388_400_000_000, '388 GB'],
])('%d bytes are %s', (bytes, text) => {
  expect(size(bytes)).toBe(text)
})

test('what is done is told in the unit of the whole', () => {
  expect(sizeOf(1_200_000_000, 3_500_000_000)).toBe('1.2 of 3.5 GB')
  expect(sizeOf(0, 3_500_000_000)).toBe('0 of 3.5 GB')
})

test.each([
  [0, '1 s'],
  [3, '5 s'],
  [41, '45 s'],
  [61, '2 min'],
  [360, '6 min'],
  [3600, '1 h'],
  [3900, '1 h 5 min'],
])('a wait of %d seconds is said as %s', (seconds, text) => {
  expect(wait(seconds)).toBe(text)
})

test.each([
  [0, '0:00', '0 s'],
  [429, '7:09', '7 min 9 s'],
  [4353, '1:12:33', '1 h 12 min 33 s'],
  [Number.NaN, '0:00', '0 s'],
])('second %d of a video is %s', (seconds, shown, spoken) => {
  expect(clock(seconds)).toBe(shown)
  expect(spokenClock(seconds)).toBe(spoken)
})
