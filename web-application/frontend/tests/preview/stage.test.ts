import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { isSilenced, silence } from '../../src/player/play-by-itself'
import type { Position } from '../../src/player/position'
import { PreviewStage } from '../../src/preview/stage'
import { FakeVideo, Part, settled } from './fake-page'

const FILE = { url: 'http://engine/cat.mov', type: 'video/quicktime' }
const STREAM = { url: 'http://engine/growing/playlist.m3u8', type: 'application/vnd.apple.mpegurl' }
const READY = { words: 'The video is ready.', button: 'Watch the finished version' }

const SURROUNDINGS = { onChange: () => {}, askForAddress: async () => null, mayBegin: false }

let videos: FakeVideo[]
let parts: Record<string, Part>
let shown: unknown[]
let templates: string[]
let stage: PreviewStage
let element: object
const onLeft = vi.fn<(place: Position | null) => void>()

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setTimeout'] })
  onLeft.mockReset()
  videos = []
  parts = {}
  shown = ['words']
  templates = ['#live-preview-template', '#original-template']
  vi.stubGlobal('HTMLMediaElement', { HAVE_CURRENT_DATA: 2, HAVE_FUTURE_DATA: 3 })
  vi.stubGlobal('window', { WebKitPlaybackTargetAvailabilityEvent: {} })
  vi.stubGlobal('document', {
    createElement: (name: string) => {
      if (name === 'canvas') return { getContext: () => null, remove: () => {} }
      videos.push(new FakeVideo())
      return videos.at(-1)
    },
    querySelector: (id: string) =>
      templates.includes(id) ? { content: { cloneNode: () => id.slice(1, -'-template'.length) } } : null,
  })
  const place = {
    childNodes: ['words'],
    querySelector: (selector: string) => {
      parts[selector] ??= new Part()
      return parts[selector]
    },
    replaceChildren: (...nodes: unknown[]) => {
      shown = nodes
      parts = {}
    },
  }
  stage = stageIn(place)
})

afterEach(() => {
  vi.unstubAllGlobals()
  vi.useRealTimers()
})

function stageIn(place: object, changes: Partial<typeof SURROUNDINGS> = {}) {
  element = place
  return new PreviewStage(place as HTMLElement, { ...SURROUNDINGS, ...changes })
}

type Offered = Parameters<PreviewStage['offer']>[0]

const offer = (offered: Partial<Offered>) =>
  stage.offer({ original: null, growing: null, status: 'processing', seconds_left: null, ...offered })

const part = (role: string) => parts[`[data-role="${role}"]`]
const last = () => videos.at(-1) as FakeVideo

async function livePreview() {
  offer({ original: null, growing: STREAM })
  const video = last()
  await video.loads(1280)
  return video
}

async function original() {
  offer({ original: FILE, growing: STREAM })
  const video = last()
  await video.loads(1920)
  return video
}

test('a stream and a file are shown once there is a picture of them', async () => {
  offer({ original: null, growing: null })
  offer({ original: null, growing: STREAM })
  const before = shown
  await last().loads(1280)
  const first = shown
  await original()

  expect([before, first, shown]).toEqual([['words'], ['live-preview'], ['original']])
  expect(videos.map(({ src }) => src)).toEqual(['', FILE.url])
})

test.each([
  ['only its sound can be decoded', (video: FakeVideo) => video.loads(0)],
  ['it cannot be read', (video: FakeVideo) => video.breaks()],
])('neither is shown when %s', async (_, happens) => {
  offer({ original: FILE, growing: STREAM })
  await Promise.all(videos.map(happens))

  expect(videos).toHaveLength(2)
  expect(shown).toEqual(['words'])
})

test('the page of a viewer, which has no place for it, asks for no file', () => {
  templates = ['#live-preview-template']
  offer({ original: FILE, growing: null })

  expect(videos).toEqual([])
})

test('who is watching the stream is offered the file, and goes on with it when pausing', async () => {
  const stream = await livePreview()
  stream.plays(7)
  const file = await original()
  const offered = [part('offer')?.hidden, part('offer-words')?.textContent, part('progress')?.hidden]
  const before = shown
  stream.pause()

  expect(offered).toEqual([false, 'Your whole file is here.', false])
  expect([before, shown]).toEqual([['live-preview'], ['original']])
  expect([file.currentTime, file.paused]).toEqual([7, true])
  expect(stream.load).toHaveBeenCalledOnce()
})

test('who waits at the end of what has arrived goes on with the file at once', async () => {
  const stream = await livePreview()
  stream.plays(7)
  stream.waits()
  const file = await original()

  expect(shown).toEqual(['original'])
  expect([file.currentTime, file.paused]).toEqual([7, false])
})

test('sound and speed are carried along', async () => {
  const stream = await livePreview()
  Object.assign(stream, { currentTime: 3, muted: true, volume: 0.5, playbackRate: 1.5 })
  const file = await original()

  expect(file).toMatchObject({ muted: true, volume: 0.5, playbackRate: 1.5 })
})

test('a stream that breaks off while nobody looks gives way to words, and comes back at the same position', async () => {
  const stream = await livePreview()
  stream.currentTime = 12
  await stream.breaks()
  const broken = shown
  offer({ original: null, growing: STREAM })
  const soon = videos.length
  vi.advanceTimersByTime(5000)
  const again = await livePreview()

  expect([broken, soon, shown]).toEqual([['words'], 1, ['live-preview']])
  expect(again).not.toBe(stream)
  expect([again.currentTime, again.paused]).toEqual([12, true])
})

test('a stream that breaks off plays what it has loaded', async () => {
  const stream = await livePreview()
  stream.plays(7)
  await stream.breaks()
  const before = shown
  stream.waits()

  expect([before, shown]).toEqual([['live-preview'], ['words']])
})

test('a stream that breaks off gives way to what waits for its moment', async () => {
  const stream = await livePreview()
  stream.plays(7)
  const file = await original()
  stream.readyState = 2
  await stream.breaks()

  expect(shown).toEqual(['original'])
  expect([file.currentTime, file.paused]).toEqual([7, false])
})

test('who has not begun to watch goes on to the finished video without a position', async () => {
  const stream = await livePreview()
  stage.leave(READY, { onLeft })

  expect(onLeft).toHaveBeenCalledExactlyOnceWith(null)
  expect(stream.load).toHaveBeenCalledOnce()
})

test('who has paused goes on to the finished video at once, from the same position', async () => {
  const stream = await livePreview()
  stream.currentTime = 12
  stage.leave(READY, { onLeft })

  expect(onLeft).toHaveBeenCalledExactlyOnceWith({ seconds: 12, isPlaying: false, video: stream })
})

test('who is watching is never interrupted, and goes on to the finished video when pausing', async () => {
  const file = await original()
  file.plays(7)
  stage.leave(READY, { onLeft })
  const before = onLeft.mock.calls.length
  file.pause()
  file.pause()

  expect([before, part('progress')?.hidden]).toEqual([0, true])
  expect(onLeft).toHaveBeenCalledExactlyOnceWith({ seconds: 7, isPlaying: false, video: file })
})

test('who is watching may ask for the finished video, which plays on', async () => {
  const file = await original()
  file.plays(7)
  stage.leave(READY, { onLeft })
  part('ask')?.onclick?.()
  file.pause()

  expect(part('ask')?.textContent).toBe(READY.button)
  expect(onLeft).toHaveBeenCalledExactlyOnceWith({ seconds: 7, isPlaying: true, video: file })
})

test('who has seen it to the end keeps the last picture, and begins the finished video anew', async () => {
  const stream = await livePreview()
  stream.plays(30)
  stream.ended = true
  stream.pause()
  stage.leave(READY, { onLeft })
  await settled()
  const [before, offered] = [onLeft.mock.calls.length, part('offer')?.hidden]
  stream.ended = false
  stream.plays(0)
  stream.dispatchEvent(new Event('seeked'))

  expect([before, offered]).toEqual([0, false])
  expect(onLeft.mock.calls[0]?.[0]).toMatchObject({ seconds: 0, isPlaying: true })
})

test('the finished video comes before a file that waits for its moment, and before one that comes too late', async () => {
  const stream = await livePreview()
  stream.plays(7)
  const file = await original()
  stage.leave(READY, { onLeft })
  stream.pause()

  expect(shown).toEqual(['live-preview'])
  expect(onLeft).toHaveBeenCalledOnce()
  expect(file.load).toHaveBeenCalledOnce()
})

test.each([
  ['stream', { original: null, growing: STREAM }],
  ['file', { original: FILE, growing: null }],
])('a %s whose picture comes when the video is ready already is too late', async (_, offered) => {
  offer(offered)
  stage.leave(READY, { onLeft })
  await last().loads(1280)

  expect(shown).toEqual(['words'])
  expect(onLeft).toHaveBeenCalledExactlyOnceWith(null)
  expect(last().load).toHaveBeenCalledOnce()
})

test('a preview begins by itself when the whole file is here, and an embedded one never', async () => {
  const embedded = await livePreview()
  stage = stageIn(element, { mayBegin: true })
  const own = await livePreview()

  expect([embedded.paused, own.paused]).toEqual([true, false])
  expect(own.currentTime).toBe(0)
})

test('while it arrives more slowly than it plays, a preview waits, and begins with the last byte', async () => {
  stage = stageIn(element, { mayBegin: true })
  offer({ growing: STREAM, status: 'uploading' })
  const video = last()
  await video.loads(1280)
  for (const [seconds, atMs] of [
    [2, 0],
    [3, 2000],
    [4, 4000],
  ] as const)
    arrives(video, seconds, atMs)
  const whileItArrives = video.paused
  offer({ growing: STREAM })

  expect([whileItArrives, video.paused]).toEqual([true, false])
})

test('while it arrives faster than it plays, a preview begins before the last byte', async () => {
  stage = stageIn(element, { mayBegin: true })
  offer({ growing: STREAM, status: 'uploading' })
  const video = last()
  await video.loads(1280)
  for (const [seconds, atMs] of [
    [2, 0],
    [4, 1000],
    [6, 2000],
  ] as const)
    arrives(video, seconds, atMs)

  expect(video.paused).toBe(false)
})

test('a preview that somebody has paused does not begin by itself', async () => {
  stage = stageIn(element, { mayBegin: true })
  offer({ growing: STREAM, status: 'uploading' })
  const video = last()
  await video.loads(1280)
  video.plays(1)
  video.pause()
  offer({ growing: STREAM })

  expect(video.paused).toBe(true)
})

test('where a browser plays nothing aloud unasked, a preview begins without sound', async () => {
  stage = stageIn(element, { mayBegin: true })
  offer({ growing: STREAM, status: 'uploading' })
  const video = last()
  await video.loads(1280)
  video.play.mockImplementation(() => {
    if (!video.muted) return Promise.reject(new DOMException('unasked', 'NotAllowedError'))
    video.paused = false
    return Promise.resolve()
  })
  offer({ growing: STREAM })
  await settled()

  expect([video.muted, video.paused]).toEqual([true, false])
  expect(isSilenced(video as unknown as HTMLVideoElement)).toBe(true)
})

test('silence that only the browser wants is nobody’s choice in what is shown next either', async () => {
  const stream = await livePreview()
  stream.currentTime = 3
  silence(stream as unknown as HTMLVideoElement)
  const file = await original()

  expect(file.muted).toBe(true)
  expect(isSilenced(file as unknown as HTMLVideoElement)).toBe(true)
})

test('the finished video takes the place of a live preview that plays, with its sound, and nobody is asked', async () => {
  const stream = await livePreview()
  Object.assign(stream, { volume: 0.5, playbackRate: 1.5 })
  stream.plays(7)
  const next = new FakeVideo()
  next.muted = true
  stage.leave(READY, { onLeft, joiner: () => next as unknown as HTMLVideoElement })
  await joins(stream, next)

  expect(onLeft.mock.calls[0]?.[0]).toMatchObject({ isPlaying: true, video: next })
  expect(next).toMatchObject({ paused: false, muted: false, volume: 0.5, playbackRate: 1.5 })
  expect([stream.muted, part('offer')?.hidden ?? true]).toEqual([true, true])
})

test('who pauses before it has joined in goes on at once, from where they are', async () => {
  const stream = await livePreview()
  stream.plays(7)
  const next = new FakeVideo()
  stage.leave(READY, { onLeft, joiner: () => next as unknown as HTMLVideoElement })
  stream.pause()
  await joins(stream, next)

  expect(onLeft).toHaveBeenCalledExactlyOnceWith({ seconds: 7, isPlaying: false, video: stream })
  expect(next.paused).toBe(true)
})

test('who watches in full screen is offered the finished video, which would end that', async () => {
  const stream = await livePreview()
  stream.plays(7)
  Object.assign(document, { fullscreenElement: stream })
  const joiner = vi.fn(() => null)
  stage.leave(READY, { onLeft, joiner })
  await settled()

  expect(joiner).not.toHaveBeenCalled()
  expect(part('offer')?.hidden).toBe(false)
})

/** The site tells it while so much of the video is there. */
function arrives(video: FakeVideo, seconds: number, atMs: number) {
  video.secondsThere = seconds
  vi.spyOn(performance, 'now').mockReturnValueOnce(atMs)
  offer({ growing: STREAM, status: 'uploading' })
}

/** Both clocks run on, and those who look at them look. */
async function joins(...pair: FakeVideo[]) {
  for (let look = 0; look < 100; look += 1) {
    for (const video of pair) if (!video.paused) video.currentTime += 0.015 * video.playbackRate
    vi.advanceTimersByTime(15)
    await settled()
  }
}
