import { expect, test } from 'vitest'
import { TimeLeft } from '../../src/ui/time-left'

test('the time left follows the speed of the last stretch', () => {
  const left = new TimeLeft(10_000)
  expect(left.seconds(100)).toBeNull()

  left.add(0, 0)
  left.add(5000, 10)
  expect(left.seconds(100)).toBe(45)

  left.add(15_000, 10)
  left.add(20_000, 50)
  expect(left.seconds(100)).toBeCloseTo(18.75)
})
