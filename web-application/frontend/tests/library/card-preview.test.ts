import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { fetchVideo } from '../../src/api/videos'
import { startCardPreviews } from '../../src/library/card-preview'

vi.mock('../../src/api/videos', () => ({ fetchVideo: vi.fn(async () => ({ storyboard: null })) }))

/** A grid that is nothing but one card. */
function gridWith(id: string): HTMLElement {
  const card = { dataset: { video: id }, querySelector: () => null }
  return Object.assign(new EventTarget(), { closest: () => card }) as unknown as HTMLElement
}

beforeEach(() => {
  vi.useFakeTimers()
  vi.stubGlobal('matchMedia', () => ({ matches: false }))
  vi.stubGlobal('window', globalThis)
})
afterEach(() => {
  vi.useRealTimers()
  vi.unstubAllGlobals()
})

test('cards of every grid on a page play, one of them at a time', () => {
  const [shelf, library] = [gridWith('shelf'), gridWith('library')]
  startCardPreviews([shelf, library])

  shelf.dispatchEvent(new Event('focusin'))
  library.dispatchEvent(Object.assign(new Event('pointerover'), { pointerType: 'mouse' }))
  vi.advanceTimersByTime(1000)
  expect(vi.mocked(fetchVideo).mock.calls).toEqual([['library']])

  shelf.dispatchEvent(new Event('focusin'))
  vi.advanceTimersByTime(1000)
  expect(vi.mocked(fetchVideo).mock.calls).toEqual([['library'], ['shelf']])
})
