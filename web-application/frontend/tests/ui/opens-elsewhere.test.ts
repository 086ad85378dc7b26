import { expect, test } from 'vitest'
import { opensElsewhere } from '../../src/ui/opens-elsewhere'

const NO_KEYS = { ctrlKey: false, metaKey: false, shiftKey: false, altKey: false } as MouseEvent

test('a plain click is for the page', () => {
  expect(opensElsewhere(NO_KEYS)).toBe(false)
})

test.each(['ctrlKey', 'metaKey', 'shiftKey', 'altKey'])('a click with %s is for the browser', (key) => {
  expect(opensElsewhere({ ...NO_KEYS, [key]: true })).toBe(true)
})
