import { expect, test } from 'vitest'
import { hasUnsentBytes, type State, statusLine } from '../../../src/upload/tray/status-line'

const bytes = { sentBytes: 1_190_000_000, totalBytes: 3_500_000_000 }

test.each<[State, string, string, number | null]>([
  [{ phase: 'preparing' }, 'Getting ready', 'busy', 0],
  [{ phase: 'waiting', place: 3 }, 'Waiting, place 3', 'off', 0],
  [
    { phase: 'uploading', ...bytes, secondsLeft: 350 },
    'Uploading 34 % · 1.2 of 3.5 GB · 6 min left',
    'busy',
    34,
  ],
  [{ phase: 'uploading', ...bytes, secondsLeft: null }, 'Uploading 34 % · 1.2 of 3.5 GB', 'busy', 34],
  [{ phase: 'paused', ...bytes }, 'Paused at 34 %', 'off', 34],
  [{ phase: 'offline', ...bytes }, 'No connection · will go on by itself', 'off', 34],
  [{ phase: 'received' }, 'Uploaded · processing starts soon', 'busy', 0],
  [{ phase: 'processing', percent: 68, secondsLeft: 231 }, 'Processing 68 % · about 4 min left', 'busy', 68],
  [{ phase: 'processing', percent: 3, secondsLeft: null }, 'Processing 3 %', 'busy', 3],
  [{ phase: 'queued', place: 2 }, 'Uploaded · waiting for its turn, place 2', 'busy', 0],
  [{ phase: 'queued', place: null }, 'Uploaded · waiting for its turn', 'busy', 0],
  [{ phase: 'held' }, 'Uploaded · waiting until the site can process it', 'off', 0],
  [{ phase: 'storing', percent: 98 }, 'Storing, 98 %', 'busy', 98],
  [{ phase: 'ready', isImproving: true }, 'Ready · more qualities are on their way', 'ok', null],
  [{ phase: 'ready', isImproving: false }, 'Ready', 'ok', null],
  [{ phase: 'failed', reason: 'Not a video we can read' }, 'Not a video we can read', 'bad', null],
])('a file that is %o says "%s"', (state, text, tone, percent) => {
  expect(statusLine(state)).toEqual({ text, tone, percent })
})

test('100 % is not said before the last byte is sent', () => {
  const state: State = { phase: 'uploading', sentBytes: 999, totalBytes: 1000, secondsLeft: null }

  expect(statusLine(state).percent).toBe(99)
})

test('leaving is dangerous until the last byte is sent, and no longer', () => {
  expect(hasUnsentBytes({ phase: 'paused', ...bytes })).toBe(true)
  expect(hasUnsentBytes({ phase: 'waiting', place: 1 })).toBe(true)
  expect(hasUnsentBytes({ phase: 'received' })).toBe(false)
  expect(hasUnsentBytes({ phase: 'failed', reason: '' })).toBe(false)
})
