import { expect, test } from 'vitest'
import { type Cue, newCue, problemOf, splitCue } from '../../src/captions/cue'
import { readTime, writtenTime } from '../../src/captions/times'
import { writtenWebVtt } from '../../src/captions/webvtt'

const CUE: Cue = { start_seconds: 1, end_seconds: 3, text: 'Come down', settings: '' }

test.each([
  ['0:01', 1],
  ['1:02.5', 62.5],
  ['01:02:03,045', 3723.045],
  [' 100:00:00 ', 360_000],
  ['1:61', Number.NaN],
  ['61:00', Number.NaN],
  ['1', Number.NaN],
  ['-0:01', Number.NaN],
  ['', Number.NaN],
  ['1:02.0005', Number.NaN],
])('the time %j is %d seconds', (text, seconds) => {
  expect(readTime(text)).toBe(seconds)
})

test.each([0, 0.001, 59.999, 62.5, 3723.045, 359_999.999])(
  '%d seconds are written and read again',
  (seconds) => {
    expect(readTime(writtenTime(seconds))).toBe(seconds)
  },
)

test('a new cue ends before the next one begins', () => {
  expect(newCue(0.5, CUE)).toMatchObject({ start_seconds: 0.5, end_seconds: 1 })
  expect(newCue(3, undefined)).toMatchObject({ start_seconds: 3, end_seconds: 5 })
  expect(newCue(2, CUE)).toMatchObject({ start_seconds: 2, end_seconds: 4 })
})

test('a cue is split at the cursor, its time shared by letters', () => {
  expect(splitCue(CUE, 4)).toEqual([
    { ...CUE, text: 'Come', end_seconds: 2 },
    { ...CUE, text: 'down', start_seconds: 2 },
  ])
  expect(splitCue(CUE, 0)).toBeNull()
  expect(splitCue(CUE, 9)).toBeNull()
  expect(splitCue({ ...CUE, end_seconds: 1.001 }, 4)).toBeNull()
})

test.each([
  [{}, null],
  [{ end_seconds: 1 }, 'It ends before it begins.'],
  [{ start_seconds: Number.NaN }, 'Write times as 1:02.500 or 1:02:03.'],
])('the problem of a cue with %j is %j', (change, problem) => {
  expect(problemOf({ ...CUE, ...change })).toBe(problem)
})

test('a file has every cue with a text, and no text ends its cue', () => {
  const cues = [CUE, { ...CUE, text: ' \n' }, { ...CUE, text: 'a --> b\r\n\n c', settings: 'line:0' }]

  expect(writtenWebVtt(cues)).toBe(
    'WEBVTT\n\n00:00:01.000 --> 00:00:03.000\nCome down\n\n00:00:01.000 --> 00:00:03.000 line:0\na --&gt; b\nc\n',
  )
})
