import { expect, test } from 'vitest'
import { refusal } from '../../src/upload/chosen-file'
import { milestone } from '../../src/upload/milestones'
import { totalsLine } from '../../src/upload/progress-reports'
import { signedUntil } from '../../src/upload/signed-until'
import type { State } from '../../src/upload/status-line'
import { splitTags } from '../../src/upload/tags'
import { titleFromName } from '../../src/upload/title'

const MAX = 20_000_000_000

test.each([
  [{ name: 'a.mp4', size: 0, type: 'video/mp4' }, 'Not uploaded: the file is empty'],
  [{ name: 'a.mp4', size: MAX + 1, type: 'video/mp4' }, 'Not uploaded: the file is larger than 20 GB'],
  [{ name: 'notes.pdf', size: 9, type: 'application/pdf' }, 'Not uploaded: this is not a video'],
  [{ name: 'cat.jpg', size: 9, type: 'image/jpeg' }, 'Not uploaded: this is not a video'],
  [{ name: 'a.mp4', size: MAX, type: 'video/mp4' }, null],
  [{ name: 'a.mkv', size: 9, type: '' }, null],
  // Browsers take MPEG transport streams for TypeScript or Qt translations.
  [{ name: 'a.ts', size: 9, type: 'text/vnd.trolltech.linguist' }, null],
])('%o is refused with %s', (file, reason) => {
  expect(refusal(file, MAX)).toBe(reason)
})

test.each([
  ['holiday_in_Lisbon.final.mp4', 'holiday in Lisbon.final'],
  ['.mp4', '.mp4'],
  ['no extension', 'no extension'],
  ['x'.repeat(300), 'x'.repeat(200)],
])('the title of %s is %s', (name, title) => {
  expect(titleFromName(name)).toBe(title)
})

test('tags are trimmed, and told once', () => {
  expect(splitTags(' desert, Morocco,, desert ')).toEqual(['desert', 'Morocco'])
})

test('the date as Transloadit writes it is understood by every browser', () => {
  const params = JSON.stringify({ auth: { expires: '2026/11/23 18:00:00+00:00' } })

  expect(signedUntil(params)).toBe(Date.UTC(2026, 10, 23, 18))
  expect(signedUntil('{}')).toBe(Number.POSITIVE_INFINITY)
})

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
