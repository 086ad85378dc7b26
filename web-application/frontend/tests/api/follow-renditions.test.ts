import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { followRenditions } from '../../src/api/follow-renditions'
import type { Video } from '../../src/api/videos'

const READY = { id: 'cat', status: 'ready', hls: null, storyboard: null } as Video
const IMPROVING: Video = { ...READY, phase: 'improving' }
const COMPLETE: Video = { ...READY, phase: null, hls: '/files/playlist.m3u8' }

class Page extends EventTarget {
  hidden = false
  querySelector = () => null

  look(isLooking: boolean) {
    this.hidden = !isLooking
    this.dispatchEvent(new Event('visibilitychange'))
  }
}

const requests = vi.fn<() => Promise<Response>>()
let page: Page

beforeEach(() => {
  vi.useFakeTimers()
  page = new Page()
  vi.stubGlobal('document', page)
  vi.stubGlobal('fetch', requests)
  requests.mockReset().mockImplementation(async () => Response.json(IMPROVING))
})

afterEach(() => {
  vi.unstubAllGlobals()
  vi.useRealTimers()
})

test('a video that has all it will have is not asked about', async () => {
  await followRenditions(COMPLETE, () => {})

  expect(requests).not.toHaveBeenCalled()
})

test('what came last is told, and ends it', async () => {
  const playlists: (string | null)[] = []
  const over = followRenditions(IMPROVING, ({ hls }) => playlists.push(hls))
  await vi.advanceTimersByTimeAsync(3000)
  requests.mockImplementation(async () => Response.json(COMPLETE))
  await vi.advanceTimersByTimeAsync(15_000)
  await over

  expect(playlists).toEqual([null, COMPLETE.hls])
})

test('an hour of waiting asks four times a minute', async () => {
  void followRenditions(IMPROVING, () => {})
  await vi.advanceTimersByTimeAsync(60_000)
  requests.mockClear()
  await vi.advanceTimersByTimeAsync(3_600_000)

  expect(requests).toHaveBeenCalledTimes(240)
})

test('a page that nobody looks at does not ask, and asks at once when somebody does', async () => {
  void followRenditions(IMPROVING, () => {})
  await vi.advanceTimersByTimeAsync(3000)
  page.look(false)
  await vi.advanceTimersByTimeAsync(3_600_000)
  const hidden = requests.mock.calls.length
  page.look(true)
  await vi.advanceTimersByTimeAsync(0)

  expect([hidden, requests.mock.calls.length]).toEqual([1, 2])
})

test('a video that is gone ends it quietly', async () => {
  requests.mockImplementation(async () => Response.json({ error: 'NOT_FOUND' }, { status: 404 }))

  const over = followRenditions(IMPROVING, () => {})
  await vi.advanceTimersByTimeAsync(3000)

  await expect(over).resolves.toBeUndefined()
})
