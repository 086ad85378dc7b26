import { expect, test } from 'vitest'
import { progressText } from '../../src/pages/progress-text'

const said = { phase: 'processing', progress: 40, queue_position: null, seconds_left: null } as const

test.each([
  [
    { ...said, phase: 'uploading', progress: 34, seconds_left: 100 },
    'Still arriving, 34 % · about 2 min left',
  ],
  [{ ...said, phase: 'queued', queue_position: 2 }, 'Waiting for its turn, place 2'],
  [{ ...said, phase: 'queued' }, 'Waiting for its turn'],
  [{ ...said, phase: 'held' }, 'Waiting until the site can process it'],
  [{ ...said, seconds_left: 12 }, 'Getting ready, 40 % · about 15 s left'],
  [{ ...said }, 'Getting ready, 40 %'],
  [{ ...said, phase: 'storing', progress: 99 }, 'Almost there, 99 %'],
] as const)('%o is said as %s', (progress, words) => {
  expect(progressText(progress)).toBe(words)
})
