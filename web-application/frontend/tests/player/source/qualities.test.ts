import { expect, test } from 'vitest'
import { labelOf, levelFor, qualitiesOf, valueOfLevel } from '../../../src/player/source/qualities'

const level = (width: number, height: number, bitrate = width * height) => ({ width, height, bitrate })
const LADDER = [level(640, 360), level(1920, 1080), level(1280, 720, 1), level(1280, 720, 2)]

test('each size is offered once, best first, after the one that leaves it to the player', () => {
  expect(qualitiesOf(LADDER)).toEqual([
    { value: 'auto', label: 'Auto' },
    { value: '1080', label: '1080p' },
    { value: '720', label: '720p' },
    { value: '360', label: '360p' },
  ])
})

test('a stream of one size, or of sound alone, leaves nothing to choose', () => {
  expect(qualitiesOf([level(1280, 720), level(1280, 720, 5)])).toEqual([])
  expect(qualitiesOf([level(0, 0)])).toEqual([])
})

test.each([
  ['auto', -1],
  ['720', 3],
  ['1080', 1],
  ['4320', 1],
  ['480', 0],
  ['144', 0],
  ['nonsense', -1],
])('the choice %s means level %i', (value, place) => {
  expect(levelFor(LADDER, value)).toBe(place)
})

test('an upright video is named by its width', () => {
  expect(labelOf(level(720, 1280))).toBe('720p')
  expect(valueOfLevel(level(720, 1280))).toBe('720')
  expect(levelFor([level(720, 1280), level(360, 640)], '480')).toBe(1)
})

test('no level has no name and leaves the choice to the player', () => {
  expect([labelOf(undefined), valueOfLevel(undefined), levelFor([], '720')]).toEqual(['', 'auto', -1])
})
