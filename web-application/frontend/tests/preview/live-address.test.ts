import { beforeEach, expect, test, vi } from 'vitest'
import { LiveAddress } from '../../src/preview/live-address'

const OLD = 'http://engine.example/streams/aa/live.m3u8?until=1'
const NEW = 'http://engine.example/streams/bb/live.m3u8?until=2'

beforeEach(() => {
  vi.stubGlobal('location', { href: 'http://site.example/videos/1' })
})

test('the files of a preview that has moved are asked for where it is now', () => {
  const address = new LiveAddress(OLD, async () => null)
  const before = address.present('http://engine.example/streams/aa/7.m4s')
  address.url = NEW

  expect(before).toBe('http://engine.example/streams/aa/7.m4s?until=1')
  expect(address.present(before)).toBe('http://engine.example/streams/bb/7.m4s?until=2')
  expect(address.present(OLD)).toBe(NEW)
})

test.each([
  ['another address', async () => NEW, true],
  ['the same address', async () => OLD, false],
  ['none', async () => null, false],
  ['nothing, being away', () => Promise.reject(new Error('no connection')), false],
])('after a refusal the site is asked once, and says %s', async (_, answer, isFound) => {
  const ask = vi.fn(answer)
  const address = new LiveAddress(OLD, ask)
  address.present(OLD)

  expect(await address.renew()).toBe(isFound)
  expect(ask).toHaveBeenCalledOnce()
})

test('an address that the site has told already is good after a refusal of the one before', async () => {
  const address = new LiveAddress(OLD, async () => NEW)
  address.present(OLD)
  address.url = NEW

  expect(await address.renew()).toBe(true)
})
