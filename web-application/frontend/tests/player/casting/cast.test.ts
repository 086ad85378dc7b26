import { expect, test, vi } from 'vitest'
import { castingOf } from '../../../src/player/casting/cast'

const video = (more: object) => Object.assign(new EventTarget(), more) as unknown as HTMLVideoElement
const settled = () => new Promise<void>((resolve) => setImmediate(resolve))

test('a browser without screens of others offers none', () => {
  expect(castingOf(video({}))).toBeNull()
})

test('the button comes and goes with the screens that the browser finds', async () => {
  let tell = (_: boolean) => {}
  const watchAvailability = (callback: typeof tell) => {
    tell = callback
    return Promise.resolve(1)
  }
  const onChange = vi.fn()
  castingOf(video({ remote: { watchAvailability } }))?.watch(onChange)
  tell(true)
  tell(false)
  await settled()

  expect(onChange.mock.calls.flat()).toEqual([true, false])
})

test.each([
  ['NotSupportedError', true],
  ['InvalidStateError', false],
])('where the browser cannot look for screens (%s), it can still be asked: %s', async (name, isOffered) => {
  const watchAvailability = () => Promise.reject(new DOMException('', name))
  const onChange = vi.fn()
  castingOf(video({ remote: { watchAvailability } }))?.watch(onChange)
  await settled()

  expect(onChange.mock.calls.flat()).toEqual([isOffered])
})

test('who chooses no screen is told nothing', async () => {
  const prompt = vi.fn(() => Promise.reject(new DOMException('', 'NotAllowedError')))
  castingOf(video({ remote: { prompt } }))?.choose()
  await settled()

  expect(prompt).toHaveBeenCalledOnce()
})

test('Safari lets the viewer choose by AirPlay', () => {
  const choose = vi.fn()
  const onChange = vi.fn()
  const safari = video({ webkitShowPlaybackTargetPicker: choose, remote: {} })
  const casting = castingOf(safari)
  casting?.watch(onChange)
  const event = new Event('webkitplaybacktargetavailabilitychanged')
  safari.dispatchEvent(Object.assign(event, { availability: 'available' }))
  casting?.choose()

  expect(onChange.mock.calls.flat()).toEqual([true])
  expect(choose).toHaveBeenCalledOnce()
})
