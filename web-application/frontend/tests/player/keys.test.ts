import { expect, test } from 'vitest'
import { actionOf } from '../../src/player/keys'

test.each([
  [' ', { do: 'play' }],
  ['K', { do: 'play' }],
  ['j', { do: 'skip', seconds: -10 }],
  ['7', { do: 'jump', share: 0.7 }],
  ['>', { do: 'speed', step: 1 }],
  ['c', { do: 'captions' }],
  ['-', { do: 'caption-size', step: -1 }],
  ['T', { do: 'theater' }],
  ['o', { do: 'chapter', step: 1 }],
  ['Enter', null],
  ['Tab', null],
])('the key %s does %o', (key, action) => {
  expect(actionOf(key)).toEqual(action)
})
