import { afterEach, expect, test, vi } from 'vitest'
import { startCommentTimes } from '../../src/community/comment-times'
import { startTimeLinks } from '../../src/player/time-links'
import { PlaceList } from '../../src/transcript/place-list'

const seek = vi.fn()

/** A page that is nothing but one link, with all that listens to it. */
function pageWith(href: string, dataset: Record<string, string> = {}): EventTarget {
  const video = { closest: () => null }
  Object.defineProperty(video, 'currentTime', { set: seek })
  const page = Object.assign(new EventTarget(), {
    closest: (selector: string) => (selector.includes('href') && !href.startsWith('?t=') ? null : link),
    querySelector: () => video,
    querySelectorAll: () => [],
  })
  const link = { dataset, getAttribute: () => href }
  vi.stubGlobal('document', page)
  startTimeLinks({ scrollIntoView: () => {} } as unknown as HTMLElement, seek)
  startCommentTimes()
  new PlaceList(page as unknown as HTMLElement)
  return page
}

function click(page: EventTarget, keys = {}): boolean {
  const event = Object.assign(new Event('click', { cancelable: true }), keys)
  page.dispatchEvent(event)
  return event.defaultPrevented
}

afterEach(() => {
  seek.mockClear()
  vi.unstubAllGlobals()
})

test.each([
  ['?t=83', {}, 83],
  ['?t=83', { seconds: '83.250' }, 83.25],
])('a click on a link to %s seeks once, as exactly as the link says', (href, dataset, seconds) => {
  expect(click(pageWith(href, dataset))).toBe(true)
  expect(seek.mock.calls).toEqual([[seconds]])
})

test.each([
  ['?t=83', { ctrlKey: true }],
  ['?t=83', { altKey: true }],
  ['?t=soon', {}],
  ['/videos/x', {}],
])('a click on a link to %s with %j does what links do', (href, keys) => {
  expect(click(pageWith(href), keys)).toBe(false)
  expect(seek).not.toHaveBeenCalled()
})
