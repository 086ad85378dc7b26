import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { Countdown } from '../../../src/player/next/countdown'

const [onLeft, onOver] = [vi.fn(), vi.fn()]

beforeEach(() => {
  vi.useFakeTimers()
})

afterEach(() => {
  vi.useRealTimers()
  vi.clearAllMocks()
})

test('the seconds are told one by one, and the end once', () => {
  new Countdown(onLeft, onOver).start(3)
  vi.advanceTimersByTime(60_000)

  expect(onLeft.mock.calls.flat()).toEqual([3, 2, 1, 0])
  expect(onOver).toHaveBeenCalledOnce()
})

test('who stops it stays', () => {
  const countdown = new Countdown(onLeft, onOver)
  countdown.start(3)
  vi.advanceTimersByTime(2000)
  countdown.stop()
  vi.advanceTimersByTime(60_000)

  expect(onOver).not.toHaveBeenCalled()
})

test('begun again, it counts from the start, and once', () => {
  const countdown = new Countdown(onLeft, onOver)
  countdown.start(3)
  countdown.start(3)
  vi.advanceTimersByTime(3000)

  expect(onOver).toHaveBeenCalledOnce()
})
