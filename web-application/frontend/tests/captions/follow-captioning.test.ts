import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import type { Captioning } from '../../src/api/captions'
import { captioningText, endText, followCaptioning } from '../../src/captions/follow-captioning'

const captioning = (state: Captioning['state'], percent = 0, error: string | null = null) => ({
  state,
  percent,
  error,
})

test.each([
  [captioning('waiting'), 'Waiting for the engine'],
  [captioning('working', 40), 'Listening to the video, 40 %'],
])('%o is said as %s', (now, said) => {
  expect(captioningText(now)).toBe(said)
})

test.each([
  [captioning('done', 100), 'The captions are there.'],
  [captioning('failed', 7, 'Nobody speaks.'), 'No captions were made. Nobody speaks.'],
  [captioning('failed'), 'No captions were made.'],
  [null, 'The captions are there.'],
])('the end %o is told as %s', (end, said) => {
  expect(endText(end)).toBe(said)
})

const words = { textContent: '' }
const bar = { value: 0 }
const panel = {
  dataset: { captioning: 'cat' },
  querySelector: (selector: string) => (selector === 'progress' ? bar : words),
}
const list = { replaceWith: vi.fn() }
const announcer = { textContent: '' }
const answers = vi.fn()
let shown: object | null

/** What the site answers, in turn; then its page. */
function siteTells(...states: (Captioning | null)[]): void {
  for (const state of states) answers.mockResolvedValueOnce(Response.json({ captioning: state }))
  answers.mockImplementation(() => Promise.resolve(new Response('<page>')))
}

async function follow(): Promise<void> {
  const followed = followCaptioning()
  await vi.runAllTimersAsync()
  await followed
}

beforeEach(() => {
  vi.useFakeTimers()
  shown = panel
  words.textContent = ''
  announcer.textContent = ''
  vi.stubGlobal('location', { pathname: '/videos/cat/captions' })
  vi.stubGlobal('fetch', answers)
  vi.stubGlobal('document', {
    querySelector: (selector: string) => (selector.startsWith('#caption-list') ? shown : null),
    getElementById: (id: string) => (id === 'caption-list' ? list : announcer),
    adoptNode: (node: unknown) => node,
  })
  vi.stubGlobal(
    'DOMParser',
    class {
      parseFromString = () => ({ getElementById: () => 'fresh list' })
    },
  )
})

afterEach(() => {
  vi.useRealTimers()
  vi.unstubAllGlobals()
  vi.resetAllMocks()
})

test('progress is shown as it comes, and the list is renewed at the end', async () => {
  const seen: string[] = []
  list.replaceWith.mockImplementation(() => seen.push(words.textContent))
  siteTells(captioning('waiting'), captioning('working', 40), captioning('done', 100))

  await follow()

  expect(seen).toEqual(['Listening to the video, 40 %'])
  expect(bar.value).toBe(40)
  expect(list.replaceWith).toHaveBeenCalledWith('fresh list')
  expect(announcer.textContent).toBe('The captions are there.')
})

test('a failure is told with its reason', async () => {
  siteTells(captioning('failed', 0, 'Nobody speaks.'))

  await follow()

  expect(list.replaceWith).toHaveBeenCalledOnce()
  expect(announcer.textContent).toBe('No captions were made. Nobody speaks.')
})

test('a page without captions in the making asks for nothing', async () => {
  shown = null

  await follow()

  expect(answers).not.toHaveBeenCalled()
})

test('a video that is gone leaves the page as it is', async () => {
  answers.mockResolvedValue(Response.json({ error: 'NOT_FOUND', message: 'Gone.' }, { status: 404 }))

  await follow()

  expect(list.replaceWith).not.toHaveBeenCalled()
})

test('a page that does not come leaves the old one', async () => {
  siteTells(captioning('done', 100))
  answers.mockResolvedValue(new Response('', { status: 503 }))

  await follow()

  expect(list.replaceWith).not.toHaveBeenCalled()
})
