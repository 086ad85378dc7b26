import { expect, test } from 'vitest'
import { startingAt } from '../../src/ui/share'

const EMBED = 'https://tube.example/embed/a-b_c'

test.each([
  ['a link', EMBED, `${EMBED}?t=83`],
  [
    'code',
    `<iframe src="${EMBED}" title="Cat"></iframe>`,
    `<iframe src="${EMBED}?t=83" title="Cat"></iframe>`,
  ],
  [
    'code of a video that is called like its address',
    `<iframe src="${EMBED}" title="${EMBED}">`,
    `<iframe src="${EMBED}?t=83" title="${EMBED}">`,
  ],
])('%s starts at a whole second', (_, text, started) => {
  expect(startingAt(text, EMBED, 83.9)).toBe(started)
})
