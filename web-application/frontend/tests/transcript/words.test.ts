import { expect, test } from 'vitest'
import { hitsIn, lastBegun } from '../../src/transcript/words'

const shown = (text: string, query: string) =>
  hitsIn(text, query)
    ?.map(({ text: part, isHit }) => (isHit ? `[${part}]` : part))
    .join('')

test.each([
  ['Come down', 'down', 'Come [down]'],
  ['Café, cafe', 'CAFE', '[Café], [cafe]'],
  ['Cafe\u0301 noir', 'café', '[Cafe]\u0301 noir'],
  ['Größe ﬁlm', 'film', 'Größe [ﬁlm]'],
  ['aaa', 'aa', '[aa]a'],
  ['😀 cat 😀', 'cat', '😀 [cat] 😀'],
  ['猫が好き', '好', '猫が[好]き'],
  ['Come down', ' ', 'Come down'],
  ['a.c', '.', 'a[.]c'],
])('in %j the words %j are marked', (text, query, marked) => {
  expect(shown(text, query)).toBe(marked)
})

test('a text without the words is left out', () => {
  expect(hitsIn('Come down', 'up')).toBeNull()
  expect(hitsIn('', 'up')).toBeNull()
})

test.each([
  [[], 5, -1],
  [[1, 3, 3, 9], 0, -1],
  [[1, 3, 3, 9], 1, 0],
  [[1, 3, 3, 9], 3.5, 2],
  [[1, 3, 3, 9], 99, 3],
])('of %j the last begun by %d is %d', (starts, seconds, index) => {
  expect(lastBegun(starts, seconds)).toBe(index)
})
