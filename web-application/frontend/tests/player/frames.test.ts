import { expect, test } from 'vitest'
import { FrameLength, frameBeside } from '../../src/player/frames'

function lengthAfter(...seconds: number[]): number {
  const length = new FrameLength()
  for (const second of seconds) length.see(second)
  return length.seconds
}

test('a frame is as long as the frames that were shown', () => {
  expect(lengthAfter(0, 0.04, 0.08, 0.12)).toBeCloseTo(0.04)
})

test('a frame that was left out, a seek and a pause count for nothing', () => {
  expect(lengthAfter(0, 0.02, 0.04, 0.08, 0.1, 55, 55.02, 12, 12.02)).toBeCloseTo(0.02)
})

test('before any frame was shown, it is the usual one', () => {
  expect(lengthAfter()).toBeCloseTo(1 / 30)
})

test.each([25, 30, 24_000 / 1001, 60])('at %d frames a second, every step shows the frame beside', (rate) => {
  const frameOf = (moment: number) => Math.floor(moment * rate)
  let seconds = 0
  const there = Array.from({ length: 200 }, () => {
    seconds = frameBeside(seconds, 1, 1 / rate)
    return frameOf(seconds)
  })
  const back = Array.from({ length: 200 }, () => {
    seconds = frameBeside(seconds, -1, 1 / rate)
    return frameOf(seconds)
  })

  expect(there).toEqual(Array.from({ length: 200 }, (_, index) => index + 1))
  expect(back).toEqual([...there].reverse().slice(1).concat(0))
})

test('there is no frame before the first', () => {
  expect(frameBeside(0, -1, 0.04)).toBeCloseTo(0.02)
})
