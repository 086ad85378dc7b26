import { expect, test } from 'vitest'
import { refusal, titleFromName } from '../../../src/upload/choosing/chosen-file'

const MAX = 20_000_000_000

test.each([
  [{ name: 'a.mp4', size: 0, type: 'video/mp4' }, 'Not uploaded: the file is empty'],
  [
    { name: 'a.mp4', size: MAX * 1.2, type: 'video/mp4' },
    'Not uploaded: the file has 24 GB, where 20 GB are allowed',
  ],
  [
    { name: 'a.mp4', size: MAX + 1, type: 'video/mp4' },
    'Not uploaded: the file has 20000000001 bytes, where 20000000000 are allowed',
  ],
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
  [`${'x'.repeat(199)}🐈.mp4`, `${'x'.repeat(199)}🐈`],
  [`${'x'.repeat(200)}🐈.mp4`, 'x'.repeat(200)],
  // A family is one character of five code points: a part of it would be other people.
  [`${'x'.repeat(197)}👨‍👩‍👧.mp4`, 'x'.repeat(197)],
  ['\u200b\u3164.mp4', '\u200b\u3164.mp4'],
])('the title of %s is %s', (name, title) => {
  expect(titleFromName(name)).toBe(title)
})
