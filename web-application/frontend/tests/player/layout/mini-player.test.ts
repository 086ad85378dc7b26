import { expect, test } from 'vitest'
import { isMiniNow } from '../../../src/player/layout/mini-player'

const AWAY = { isInSight: false, isPlaying: true, isMini: false, isClosed: false }

test.each([
  ['plays on out of sight', AWAY, true],
  ['is in sight', { ...AWAY, isInSight: true, isMini: true }, false],
  ['was paused before the viewer left', { ...AWAY, isPlaying: false }, false],
  ['is paused in its corner', { ...AWAY, isPlaying: false, isMini: true }, true],
  ['was closed', { ...AWAY, isMini: true, isClosed: true }, false],
])('a video that %s: mini player %s', (_, sight, isMini) => {
  expect(isMiniNow(sight)).toBe(isMini)
})
