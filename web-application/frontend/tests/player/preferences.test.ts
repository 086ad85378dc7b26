import { expect, test } from 'vitest'
import { completed } from '../../src/player/preferences'

const FRESH = completed(null)

test('settings of an earlier version keep what they say', () => {
  const stored = { volume: 0.4, isMuted: true, speed: 1.5, quality: '720' }

  expect(completed(stored)).toEqual({ ...FRESH, ...stored })
})

test('settings are what was chosen', () => {
  const chosen = {
    volume: 0,
    isMuted: false,
    speed: 2,
    quality: 'auto',
    captions: { isOn: true, language: 'de', size: 'huge', background: 'none' },
    hasMiniPlayer: false,
    playsNext: false,
  }

  expect(completed(JSON.parse(JSON.stringify(chosen)))).toEqual(chosen)
})

test.each([
  ['nothing', null],
  ['text', 'loud'],
  ['a list', [1, 2]],
  ['wrong kinds', { volume: 'loud', speed: null, quality: 7, captions: 3, playsNext: 'no' }],
  ['what cannot be', { volume: 40, speed: -1, captions: { size: 'giant', background: [], language: {} } }],
])('damaged settings are as good as none: %s', (_, stored) => {
  expect(completed(stored)).toEqual(FRESH)
})
