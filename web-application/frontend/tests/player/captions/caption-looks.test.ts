import { expect, test } from 'vitest'
import { nextSize } from '../../../src/player/captions/caption-looks'

test('captions grow and shrink by steps, and stay at the ends', () => {
  expect([nextSize('medium', 1), nextSize('medium', -1)]).toEqual(['large', 'small'])
  expect([nextSize('huge', 1), nextSize('small', -1)]).toEqual(['huge', 'small'])
})
