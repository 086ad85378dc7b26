// What a preview finds on its page: a video that does as it is told, and the parts around it.
import { vi } from 'vitest'

// Whoever waited for a picture has heard of it.
export const settled = () => new Promise<void>((resolve) => setImmediate(resolve))

export class FakeVideo extends EventTarget {
  paused = true
  ended = false
  seeking = false
  currentTime = 0
  readyState = 4
  videoWidth = 0
  muted = false
  playbackRate = 1
  error = null
  secondsThere = 0
  played = { length: 0 }
  volume = 1
  src = ''

  // As Safari does, so that the stream needs no script here.
  canPlayType = () => 'maybe'
  load = vi.fn()
  after = vi.fn()
  removeAttribute() {
    this.src = ''
  }

  loads(widthPx: number) {
    this.videoWidth = widthPx
    this.dispatchEvent(new Event('loadeddata'))
    return settled()
  }

  async breaks() {
    this.dispatchEvent(new Event('error'))
    await settled()
    vi.advanceTimersByTime(5000)
  }

  plays(seconds: number) {
    this.paused = false
    this.currentTime = seconds
  }

  get seekable() {
    return { length: 1, end: () => this.secondsThere }
  }

  play = vi.fn(() => {
    this.paused = false
    return Promise.resolve()
  })

  pause() {
    this.paused = true
    this.dispatchEvent(new Event('pause'))
  }

  waits() {
    this.readyState = 2
    this.dispatchEvent(new Event('waiting'))
  }
}

export class Part extends EventTarget {
  hidden = true
  textContent = ''
  onclick: (() => void) | null = null
  prepend = vi.fn()
}
