import { expect, test } from 'vitest'
import { Gestures, TAP_MS } from '../../../src/player/touch/gestures'

const at = (x: number, y = 0.5) => ({ x, y })

function tap(gestures: Gestures, x: number, atMs: number) {
  gestures.press(at(x))
  return gestures.release(at(x), atMs)
}

test.each([
  [0.1, 'left'],
  [0.5, 'middle'],
  [0.9, 'right'],
])('a tap at %d of the width is on the %s', (x, part) => {
  expect(tap(new Gestures(), x, 0)).toEqual({ kind: 'tap', count: 1, part })
})

test('taps on one part in quick succession are counted, slower ones are not', () => {
  const gestures = new Gestures()
  const counts = [0, TAP_MS, 2 * TAP_MS, 3 * TAP_MS + 1].map((atMs) => tap(gestures, 0.9, atMs))

  expect(counts.map((gesture) => gesture?.kind === 'tap' && gesture.count)).toEqual([1, 2, 3, 1])
})

test('two taps on different parts are two taps', () => {
  const gestures = new Gestures()
  tap(gestures, 0.1, 0)

  expect(tap(gestures, 0.9, 50)).toEqual({ kind: 'tap', count: 1, part: 'right' })
})

test('a finger that moves sideways shows where it leads, and seeks when it leaves', () => {
  const gestures = new Gestures()
  gestures.press(at(0.2))

  expect(gestures.move(at(0.21))).toBeNull()
  expect(gestures.move(at(0.5))).toMatchObject({ kind: 'scrub' })
  expect(gestures.move(at(0.45, 0.9))).toMatchObject({ kind: 'scrub' })
  const last = gestures.release(at(0.45, 0.9), 400)
  expect(last?.kind).toBe('seek')
  expect(last?.kind === 'seek' && last.share).toBeCloseTo(0.25)
})

test('a finger that moves down pulls, one that moves up does nothing', () => {
  const gestures = new Gestures()
  gestures.press(at(0.5, 0.3))
  expect(gestures.release(at(0.52, 0.7), 200)).toEqual({ kind: 'pull-down' })

  gestures.press(at(0.5, 0.7))
  expect(gestures.release(at(0.52, 0.3), 900)).toBeNull()
})

test('a finger with which the browser scrolls does nothing', () => {
  const gestures = new Gestures()
  gestures.press(at(0.5))
  gestures.cancel()

  expect(gestures.move(at(0.9))).toBeNull()
  expect(gestures.release(at(0.9), 100)).toBeNull()
})
