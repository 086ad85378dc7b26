import { afterEach, expect, test, vi } from 'vitest'
import { startOlderComments } from '../../src/community/older-comments'

afterEach(() => {
  vi.unstubAllGlobals()
})

/** Whether the browser is left to do what it does with a click on the link to older comments. */
function isLeftToBrowser(keys: object): boolean {
  const link = { closest: () => null }
  const page = Object.assign(new EventTarget(), { closest: () => link })
  vi.stubGlobal('document', page)
  startOlderComments()
  return page.dispatchEvent(Object.assign(new Event('click', { cancelable: true }), keys))
}

test('older comments join the page', () => {
  expect(isLeftToBrowser({})).toBe(false)
})

test.each(['ctrlKey', 'metaKey', 'shiftKey', 'altKey'])('a click with %s opens them elsewhere', (key) => {
  expect(isLeftToBrowser({ [key]: true })).toBe(true)
})
