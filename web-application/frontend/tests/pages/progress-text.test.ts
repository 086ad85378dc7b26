import { expect, test } from 'vitest'
import type { Video } from '../../src/api/videos'
import { progressText } from '../../src/pages/progress-text'
import cases from '../progress-words.json'

test.each(cases)('$video.phase, $video.progress % is said as $page', ({ video, page }) => {
  expect(progressText(video as Video)).toBe(page)
})
