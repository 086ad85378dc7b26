import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { qualityClass } from '../../../src/player/source/quality-class'

interface Named {
  width: number
  height: number
  label: string
}

const CONTRACT = join(import.meta.dirname, '../../../../../contract/qualities.json')
const sizes = JSON.parse(readFileSync(CONTRACT, 'utf-8')) as Named[]

test.each(sizes)('$width × $height is called $label, as the site calls it', ({ width, height, label }) => {
  expect(`${qualityClass({ width, height })}p`).toBe(label)
})

test('sound alone has no class', () => {
  expect(qualityClass({ width: 0, height: 0 })).toBe(0)
})
