import { expect, test } from 'vitest'
import { Growth } from '../../src/preview/growth'

const grown = (...moments: [seconds: number, atMs: number][]) => {
  const growth = new Growth()
  for (const [seconds, atMs] of moments) growth.note(seconds, atMs)
  return growth.isFastEnough
}

test('nobody knows how fast it grows before it was looked at for a while', () => {
  expect([grown(), grown([2, 0]), grown([2, 0], [9, 1900])]).toEqual([null, null, null])
})

test('it grows fast enough when it stays ahead of who watches', () => {
  expect([grown([2, 0], [4.2, 2000]), grown([2, 0], [4.1, 2000]), grown([2, 0], [2, 5000])]).toEqual([
    true,
    false,
    false,
  ])
})

test('only the last seconds count', () => {
  expect(grown([0, 0], [90, 1000], [91, 5000], [92, 10_000])).toBe(false)
})

test('what held it up before does not count', () => {
  const growth = new Growth()
  growth.note(2, 0)
  growth.note(3, 3000)
  growth.forget()

  expect(growth.isFastEnough).toBeNull()
})
