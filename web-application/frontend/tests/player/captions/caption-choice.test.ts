import { expect, test } from 'vitest'
import { trackFor } from '../../../src/player/captions/caption-choice'

const LANGUAGES = ['en', 'de-AT', 'pt-BR']

test.each([
  ['of the chosen language', { isOn: true, language: 'pt-BR' }, [], 2],
  ['of another region of it', { isOn: true, language: 'de' }, [], 1],
  ['in any case of letters', { isOn: true, language: 'DE-at' }, [], 1],
  [
    "that the browser's own list names, where that is missing",
    { isOn: true, language: 'fi' },
    ['sv', 'pt'],
    2,
  ],
  ['that comes first, where nothing fits', { isOn: true, language: 'fi' }, ['sv'], 0],
  ['of none while they are off', { isOn: false, language: 'en' }, ['en'], -1],
] as const)('captions are those %s', (_, wish, preferred, place) => {
  expect(trackFor(LANGUAGES, wish, preferred)).toBe(place)
})

test('a video without captions shows none', () => {
  expect(trackFor([], { isOn: true, language: 'en' }, ['en'])).toBe(-1)
})
