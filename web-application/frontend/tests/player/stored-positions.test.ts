import { expect, test } from 'vitest'
import { isWorthStoring } from '../../src/player/stored-positions'

test('a position is stored neither at the very start nor at the end', () => {
  expect(isWorthStoring(3, 100)).toBe(false)
  expect(isWorthStoring(50, 100)).toBe(true)
  expect(isWorthStoring(97, 100)).toBe(false)
})
