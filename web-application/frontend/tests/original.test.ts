import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { OriginalPlayer } from '../src/original'

const FILE = { url: 'http://engine/cat.mov', type: 'video/quicktime' }
const READY = { words: 'Your video is ready.', button: 'Watch the finished version' }

class FakeVideo extends EventTarget {
  paused = true
  ended = false
  currentTime = 0
  videoWidth = 0
  src = ''

  loads(widthPx: number) {
    this.videoWidth = widthPx
    this.dispatchEvent(new Event('loadeddata'))
  }

  plays(seconds: number) {
    this.paused = false
    this.currentTime = seconds
  }

  pause() {
    this.paused = true
    this.dispatchEvent(new Event('pause'))
  }
}

class Part extends EventTarget {
  hidden = true
  textContent = ''
  append = vi.fn()
}

let video: FakeVideo
let parts: Record<string, Part>
let player: OriginalPlayer
const onShown = vi.fn()

beforeEach(() => {
  video = new FakeVideo()
  parts = {}
  vi.stubGlobal('document', { createElement: () => video })
  const querySelector = (selector: string) => (parts[selector] ??= new Part())
  const stage = { replaceChildren: vi.fn(), querySelector } as unknown as HTMLElement
  const template = { content: { cloneNode: () => ({}) } } as unknown as HTMLTemplateElement
  player = new OriginalPlayer(stage, template)
  onShown.mockReset()
})

afterEach(() => vi.unstubAllGlobals())

async function shown() {
  const offered = player.offer(FILE, onShown)
  video.loads(1920)
  await offered
}

test('a file with a picture is shown once it is there', async () => {
  await player.offer(null, onShown)
  await shown()

  expect(video.src).toBe(FILE.url)
  expect(onShown).toHaveBeenCalledOnce()
})

test.each([
  ['only its sound can be decoded', () => video.loads(0)],
  ['it cannot be read', () => video.dispatchEvent(new Event('error'))],
])('a file is not shown when %s', async (_, happens) => {
  const offered = player.offer(FILE, onShown)
  happens()
  await offered

  expect(onShown).not.toHaveBeenCalled()
})

test('a file that comes when the video is ready already is too late', async () => {
  const offered = player.offer(FILE, onShown)
  player.leave(READY, () => {})
  video.loads(1920)
  await offered

  expect(onShown).not.toHaveBeenCalled()
})

test('who is not watching goes on at once, from the same place', async () => {
  await shown()
  video.currentTime = 12
  const onLeft = vi.fn()
  player.leave(READY, onLeft)

  expect(onLeft).toHaveBeenCalledExactlyOnceWith(12)
})

test('who is watching is never interrupted, and goes on when pausing', async () => {
  await shown()
  video.plays(7)
  const onLeft = vi.fn()
  player.leave(READY, onLeft)
  const before = onLeft.mock.calls.length
  video.pause()
  video.pause()

  expect(before).toBe(0)
  expect(onLeft).toHaveBeenCalledExactlyOnceWith(7)
})

test('who is watching may ask for the finished video', async () => {
  await shown()
  video.plays(7)
  const onLeft = vi.fn()
  player.leave(READY, onLeft)
  parts['[data-role="go"]']?.dispatchEvent(new Event('click'))

  expect(parts['[data-role="go"]']?.textContent).toBe(READY.button)
  expect(onLeft).toHaveBeenCalledExactlyOnceWith(7)
})

test('who has seen it to the end starts anew', async () => {
  await shown()
  video.plays(30)
  const onLeft = vi.fn()
  player.leave(READY, onLeft)
  video.ended = true
  video.pause()

  expect(onLeft).toHaveBeenCalledExactlyOnceWith(0)
})
