import { expect, test } from 'vitest'
import { positionToKeep } from '../../src/viewing/keep-position'
import { PlayedSeconds, viewSeconds } from '../../src/viewing/played-seconds'

test('seconds that are jumped over were not watched', () => {
  const played = new PlayedSeconds()
  for (const seconds of [0, 0.5, 1, 40, 40.5, 2, 2.5]) played.reach(seconds)
  expect(played.total).toBe(2)
})

test('a view is five seconds, or a third of a short video', () => {
  expect(viewSeconds(600)).toBe(5)
  expect(viewSeconds(6)).toBe(2)
  expect(played(Number.NaN)).toBe(false)
})

test('a video that was watched to its end begins anew', () => {
  expect(positionToKeep(83.7, 600)).toBe(83)
  expect(positionToKeep(599, 600)).toBe(0)
})

/** Enough for a view of a video whose length is not known yet. */
const played = (lengthSeconds: number) => 1000 >= viewSeconds(lengthSeconds)
