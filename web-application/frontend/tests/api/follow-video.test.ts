import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { followVideo } from '../../src/api/follow-video'
import type { Video } from '../../src/api/videos'

class Events {
  static readonly CLOSED = 2
  static all: Events[] = []
  readyState = 1
  onmessage: ((message: { data: string }) => void) | null = null
  onerror: (() => void) | null = null

  constructor(readonly url: string) {
    Events.all.push(this)
  }

  tell(change: Partial<Video>) {
    this.onmessage?.({ data: JSON.stringify(change) })
  }

  refuse() {
    this.readyState = Events.CLOSED
    this.onerror?.()
  }

  close() {
    this.readyState = Events.CLOSED
  }
}

class Page extends EventTarget {
  hidden = false
  querySelector = () => null

  hide() {
    this.hidden = true
    this.dispatchEvent(new Event('visibilitychange'))
  }
}

const answers = vi.fn()
let page: Page

beforeEach(() => {
  Events.all = []
  page = new Page()
  vi.stubGlobal('document', page)
  vi.stubGlobal('EventSource', Events)
  vi.stubGlobal('fetch', answers.mockResolvedValue(Response.json({ id: 'cat', status: 'ready' })))
})

afterEach(() => {
  vi.unstubAllGlobals()
  answers.mockReset()
})

test('states are told as the site tells them, and the end closes the stream', async () => {
  const states: string[] = []
  const finished = followVideo('cat', ({ status }) => states.push(status))
  const [events] = Events.all
  events?.tell({ status: 'processing' })
  events?.tell({ status: 'ready' })

  expect((await finished)?.status).toBe('ready')
  expect(states).toEqual(['processing', 'ready'])
  expect([events?.url, events?.readyState]).toEqual(['/api/videos/cat/events', Events.CLOSED])
  expect(answers).not.toHaveBeenCalled()
})

test('a stream that breaks off is left to the browser, which connects anew', async () => {
  const finished = followVideo('cat', () => {})
  const [events] = Events.all
  if (events) events.readyState = 0
  events?.onerror?.()
  events?.tell({ status: 'ready' })

  expect((await finished)?.status).toBe('ready')
  expect(answers).not.toHaveBeenCalled()
})

test('a site with too many streams is asked instead', async () => {
  const finished = followVideo('cat', () => {})
  Events.all[0]?.refuse()

  expect((await finished)?.status).toBe('ready')
  expect(answers).toHaveBeenCalledOnce()
})

test('a page in the background asks, and holds no connection', async () => {
  page.hide()

  expect((await followVideo('cat', () => {}))?.status).toBe('ready')
  expect(Events.all).toEqual([])
})

test('a page that goes to the background gives its connection back', async () => {
  const finished = followVideo('cat', () => {})
  page.hide()

  expect((await finished)?.status).toBe('ready')
  expect(Events.all[0]?.readyState).toBe(Events.CLOSED)
})
