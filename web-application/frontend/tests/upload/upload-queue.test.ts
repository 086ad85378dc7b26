import { expect, test } from 'vitest'
import { UploadQueue } from '../../src/upload/upload-queue'

function queueOf(limit: number) {
  const started: string[] = []
  const places = new Map<string, number>()
  const queue = new UploadQueue<string>(
    limit,
    (item) => started.push(item),
    (item, place) => places.set(item, place),
  )
  return { queue, started, places }
}

test('no more than the limit send at once, and the others know their place', () => {
  const { queue, started, places } = queueOf(3)

  for (const item of ['a', 'b', 'c', 'd', 'e']) queue.enter(item)

  expect(started).toEqual(['a', 'b', 'c'])
  expect([...places]).toEqual([
    ['d', 1],
    ['e', 2],
  ])
})

test('when one leaves, the first in line starts and the others move up', () => {
  const { queue, started, places } = queueOf(1)
  for (const item of ['a', 'b', 'c']) queue.enter(item)

  queue.leave('a')

  expect(started).toEqual(['a', 'b'])
  expect(places.get('c')).toBe(1)
})

test('one that leaves the line before its turn never starts', () => {
  const { queue, started } = queueOf(1)
  for (const item of ['a', 'b', 'c']) queue.enter(item)

  queue.leave('b')
  queue.leave('a')

  expect(started).toEqual(['a', 'c'])
})

test('standing in line twice changes nothing', () => {
  const { queue, started } = queueOf(1)

  queue.enter('a')
  queue.enter('a')
  queue.leave('a')

  expect(started).toEqual(['a'])
})

test('one that paused may enter again', () => {
  const { queue, started } = queueOf(1)
  queue.enter('a')
  queue.leave('a')

  queue.enter('a')

  expect(started).toEqual(['a', 'a'])
})
