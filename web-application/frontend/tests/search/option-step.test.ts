import { expect, test } from 'vitest'
import { optionStep } from '../../src/search/option-step'

test.each([
  ['ArrowDown', -1, 0],
  ['ArrowDown', 1, 2],
  ['ArrowDown', 2, -1],
  ['ArrowUp', -1, 2],
  ['ArrowUp', 0, -1],
  ['a', 0, null],
  ['Home', 1, null],
])('%s at option %d of three leads to %s', (key, current, next) => {
  expect(optionStep(key, current, 3)).toBe(next)
})

test('without options no key is for them', () => {
  expect(optionStep('ArrowDown', -1, 0)).toBeNull()
})
