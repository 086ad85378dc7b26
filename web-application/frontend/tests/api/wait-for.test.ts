import { expect, test } from 'vitest'
import { ApiError } from '../../src/api/client'
import { waitFor } from '../../src/api/wait-for'

const isDone = (answer: string) => answer === 'ready'
const mark = (answer: string) => answer

function asking(answers: (string | Error)[]) {
  const delays: number[] = []
  const ask = async () => {
    const answer = answers.shift() ?? 'ready'
    if (answer instanceof Error) throw answer
    return answer
  }
  const sleep = async (ms: number) => void delays.push(ms)
  return { ask, delays, sleep }
}

test('it asks every second while the answer moves', async () => {
  const { ask, delays, sleep } = asking(['1', '2', '3', 'ready'])

  expect(await waitFor(ask, { isDone, mark, sleep })).toBe('ready')
  expect(delays).toEqual([1000, 1000, 1000])
})

test('it asks more slowly while nothing moves, but never slower than every five seconds', async () => {
  const { ask, delays, sleep } = asking(['1', '1', '1', '1', '1', '1', 'ready'])

  await waitFor(ask, { isDone, mark, sleep })

  expect(delays).toEqual([1000, 1500, 2250, 3375, 5000, 5000])
})

test('a server that is away is asked again', async () => {
  const { ask, sleep } = asking([
    new ApiError('BUSY', '', 503),
    new ApiError('NO_CONNECTION', '', 0),
    'ready',
  ])

  expect(await waitFor(ask, { isDone, mark, sleep })).toBe('ready')
})

test('a video that is gone ends the waiting', async () => {
  const { ask, sleep } = asking([new ApiError('NOT_FOUND', 'There is no such video', 404)])

  await expect(waitFor(ask, { isDone, mark, sleep })).rejects.toThrow('no such video')
})

test('it stops when told to, without an answer', async () => {
  const controller = new AbortController()
  const { ask, sleep } = asking(['1', '2'])

  const waiting = waitFor(ask, {
    isDone,
    mark,
    sleep,
    signal: controller.signal,
    onAnswer: () => controller.abort(),
  })

  expect(await waiting).toBeNull()
})
