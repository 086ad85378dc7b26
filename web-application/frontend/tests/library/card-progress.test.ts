import { expect, test } from 'vitest'
import type { Video } from '../../src/api/videos'
import { cardProgress } from '../../src/library/card-progress'
import cases from '../progress-words.json'

test.each(cases)('$page is said on a card as $card', ({ video, card, left }) => {
  expect(cardProgress(video as Video)).toEqual({ words: card, left })
})
