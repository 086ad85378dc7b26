import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { hasArrived } from '../../src/player/next/arrival'
import { startSpokenHits } from '../../src/search/spoken-hits'

const HIT = 'https://cats.example/videos/first?t=83'

function click(link: { href: string } | null, keys = {}): void {
  const page = Object.assign(new EventTarget(), { closest: () => link })
  vi.stubGlobal('document', page)
  startSpokenHits()
  page.dispatchEvent(Object.assign(new Event('click'), keys))
}

beforeEach(() => {
  const storage = new Map<string, string>()
  vi.stubGlobal('sessionStorage', {
    setItem: (key: string, text: string) => void storage.set(key, text),
    getItem: (key: string) => storage.get(key) ?? null,
    removeItem: (key: string) => void storage.delete(key),
  })
  vi.stubGlobal('location', new URL(HIT))
})

afterEach(() => {
  vi.unstubAllGlobals()
})

test('what is opened where it is said begins by itself', () => {
  click({ href: HIT })

  expect(hasArrived()).toBe(true)
})

test.each([
  ['a click beside it', null, {}],
  ['a hit that opens elsewhere', { href: HIT }, { ctrlKey: true }],
])('%s lets nothing begin', (_, link, keys) => {
  click(link, keys)

  expect(hasArrived()).toBe(false)
})
