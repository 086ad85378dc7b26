import { expect, test } from 'vitest'
import type { Outcome } from '../../src/api/bulk'
import { outcomeText, videos } from '../../src/library/outcome-text'

const fine = (id: string): Outcome => ({ id, error: null })
const refused = (id: string, message: string): Outcome => ({ id, error: { code: 'X', message } })
const done = (count: number) => `${videos(count)} moved`

test.each([
  ['all went well', [fine('a'), fine('b')], '2 videos moved.'],
  ['one went well', [fine('a')], '1 video moved.'],
  [
    'some were refused',
    [fine('a'), refused('b', 'Only the owner of a video can change it.'), refused('c', 'Gone.')],
    '1 video moved. 2 videos stayed as before: Only the owner of a video can change it.',
  ],
  ['all were refused', [refused('a', 'Gone.')], '1 video stayed as before: Gone.'],
])('says that %s', (_, outcomes, expected) => {
  expect(outcomeText(outcomes, done)).toBe(expected)
})
