import { beforeEach, expect, test, vi } from 'vitest'
import { unlessEnded, whenSafe, whenStopped } from '../../../src/player/source/safe-moment'

vi.stubGlobal('HTMLMediaElement', { HAVE_FUTURE_DATA: 3 })

class Moving extends EventTarget {
  paused = false
  seeking = false
  ended = false
  readyState = 4

  tell(event: string, change: Partial<Moving> = {}) {
    Object.assign(this, change)
    this.dispatchEvent(new Event(event))
  }
}

let moving: Moving
const then = vi.fn()
const video = () => moving as unknown as HTMLVideoElement

beforeEach(() => {
  moving = new Moving()
  then.mockReset()
})

test.each([
  ['paused', { paused: true }, true, true],
  ['waiting for what comes next', { readyState: 2 }, true, true],
  ['paused amid a seek', { paused: true, seeking: true }, false, true],
  ['playing', {}, false, false],
])('what is %s may be replaced now: %o', (_, state, isSafe, isStopped) => {
  Object.assign(moving, state)
  whenSafe(video(), then)
  const safe = then.mock.calls.length
  whenStopped(video(), then)

  expect([safe, then.mock.calls.length - safe]).toEqual([Number(isSafe), Number(isStopped)])
})

test.each(['pause', 'waiting', 'seeked'])('who watches is interrupted at the next %s, and once', (moment) => {
  whenSafe(video(), then)
  const before = then.mock.calls.length
  moving.tell(moment)
  moving.tell(moment)

  expect([before, then.mock.calls.length]).toEqual([0, 1])
})

test('a wait amid a seek is over with the seek', () => {
  whenSafe(video(), then)
  moving.tell('waiting', { seeking: true, readyState: 1 })
  const amid = then.mock.calls.length
  moving.tell('seeked', { seeking: false, readyState: 4 })

  expect([amid, then.mock.calls.length]).toEqual([0, 1])
})

test('what has ended is replaced when it has begun anew', () => {
  Object.assign(moving, { paused: true, ended: true })
  unlessEnded(video(), then)
  const before = then.mock.calls.length
  moving.tell('seeked', { paused: false, ended: false })

  expect([before, then.mock.calls.length]).toEqual([0, 1])
})
