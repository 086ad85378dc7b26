import { expect, test } from 'vitest'
import { milestone, totalsLine } from '../../../src/upload/tray/progress-reports'
import type { State } from '../../../src/upload/tray/status-line'

test('quarters are said aloud, and nothing between them', () => {
  const at = (sentBytes: number): State => ({
    phase: 'uploading',
    sentBytes,
    totalBytes: 100,
    secondsLeft: null,
  })

  expect(milestone('Fog', at(20), at(24))).toBeNull()
  expect(milestone('Fog', at(24), at(26))).toBe('Fog: 25 %')
  expect(milestone('Fog', at(99), { phase: 'ready', isImproving: false })).toBe('Fog: Ready')
})

test('totals are told for two files or more, over bytes that are not sent yet', () => {
  const half: State = { phase: 'uploading', sentBytes: 5e8, totalBytes: 1e9, secondsLeft: 60 }
  const waiting: State = { phase: 'waiting', place: 1 }

  expect(totalsLine([{ bytes: 1e9, state: half }])).toBe('')
  expect(
    totalsLine([
      { bytes: 1e9, state: half },
      { bytes: 1e9, state: waiting },
    ]),
  ).toBe('2 files · 0.5 of 2 GB · 3 min left')
  expect(
    totalsLine([
      { bytes: 1e9, state: half },
      { bytes: 1e9, state: { phase: 'ready', isImproving: false } },
    ]),
  ).toBe('')
})
