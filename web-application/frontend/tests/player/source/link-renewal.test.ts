import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { LinkRenewal, type Links } from '../../../src/player/source/link-renewal'

const links = (url: string) => ({
  id: 'cat',
  links_last_seconds: 3600,
  hls: null,
  storyboard: null,
  sources: [{ url, type: 'video/mp4', width: 1280, height: 720, label: '720p' }],
})

beforeEach(() => {
  vi.useFakeTimers()
})
afterEach(() => {
  vi.useRealTimers()
})

test('links are due for renewal when their time is over, and again after the next', async () => {
  const renewal = new LinkRenewal('cat', links('/first'), async () => links('/second'))
  const due = [renewal.isDue]

  vi.setSystemTime(Date.now() + 3_600_000)
  due.push(renewal.isDue)
  await renewal.links()
  due.push(renewal.isDue)
  vi.setSystemTime(Date.now() + 3_600_000)
  due.push(renewal.isDue)

  expect(due).toEqual([false, true, false, true])
})

test('the time of links counts from the question, not from a late answer', async () => {
  const renewal = new LinkRenewal('cat', links('/first'), async () => {
    vi.setSystemTime(Date.now() + 60_000)
    return links('/second')
  })
  await renewal.links()
  vi.setSystemTime(Date.now() + 3_600_000 - 60_000)

  expect(renewal.isDue).toBe(true)
})

test('two that ask at once get the same answer of one question', async () => {
  const fetch = vi.fn(async () => links('/second'))
  const renewal = new LinkRenewal('cat', links('/first'), fetch)

  const [one, other] = await Promise.all([renewal.links(), renewal.links()])

  expect(one?.sources[0]?.url).toBe('/second')
  expect(other).toBe(one)
  expect(fetch).toHaveBeenCalledTimes(1)
})

test('after three failures in a row it gives up, until it has played again', async () => {
  const renewal = new LinkRenewal('cat', links('/first'), async () => links('/broken'))
  const answers: (Links | null)[] = []

  for (let count = 0; count < 4; count += 1) answers.push(await renewal.links())
  renewal.succeeded()
  answers.push(await renewal.links())

  expect(answers.map((answer) => answer !== null)).toEqual([true, true, true, false, true])
})

test('a site that cannot be reached gives no links', async () => {
  const renewal = new LinkRenewal('cat', links('/first'), () => Promise.reject(new Error('offline')))

  expect(await renewal.links()).toBeNull()
})
