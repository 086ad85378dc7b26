import { expect, test } from 'vitest'
import { splitTags } from '../../../src/upload/tray/details-form'

test('tags are trimmed, and told once', () => {
  expect(splitTags(' desert, Morocco,, desert ')).toEqual(['desert', 'Morocco'])
})
