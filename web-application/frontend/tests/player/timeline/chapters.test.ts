import { expect, test } from 'vitest'
import { chapterAt, chapterBeside, chaptersWithin } from '../../../src/player/timeline/chapters'

const chapter = (start_seconds: number) => ({ start_seconds, title: `From ${start_seconds}` })
const CHAPTERS = [chapter(0), chapter(30), chapter(60)]

test('chapters are in order, within the video, and none begins twice', () => {
  const given = [60, 0, 30, 30, 90, 120, -5].map(chapter)

  expect(chaptersWithin(given, 90)).toEqual(CHAPTERS)
})

test('a video of unknown length shows no chapters yet', () => {
  expect(chaptersWithin(CHAPTERS, 0)).toEqual([])
})

test.each([
  [0, 0],
  [29.9, 0],
  [30, 1],
  [500, 2],
])('second %d is in chapter %i', (seconds, place) => {
  expect(chapterAt(CHAPTERS, seconds)).toBe(place)
})

test('before the first chapter there is none', () => {
  expect(chapterAt([chapter(10)], 5)).toBe(-1)
})

test.each([
  ['on', 10, 1, 30],
  ['on from the last one', 70, 1, undefined],
  ['back to the beginning of this one', 45, -1, 30],
  ['back from its beginning', 31, -1, 0],
  ['back from the very first', 1, -1, 0],
] as const)('a step %s at %d s', (_, seconds, step, start) => {
  expect(chapterBeside(CHAPTERS, seconds, step)?.start_seconds).toBe(start)
})
