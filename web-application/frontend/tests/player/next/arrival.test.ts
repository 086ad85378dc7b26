import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { announceArrival, hasArrived } from '../../../src/player/next/arrival'

const storage = new Map<string, string>()
const sessionStorage = {
  setItem: (key: string, text: string) => void storage.set(key, text),
  getItem: (key: string) => storage.get(key) ?? null,
  removeItem: (key: string) => void storage.delete(key),
}

function pageAt(path: string) {
  vi.stubGlobal('location', new URL(path, 'https://cats.example'))
}

beforeEach(() => {
  storage.clear()
  vi.stubGlobal('sessionStorage', sessionStorage)
  pageAt('/videos/first')
})

afterEach(() => {
  vi.unstubAllGlobals()
})

test('the page that the last video announced begins by itself, once', () => {
  announceArrival('/videos/second?playlist=7')
  pageAt('/videos/second?playlist=7')

  expect([hasArrived(), hasArrived()]).toEqual([true, false])
})

test('who goes elsewhere has arrived nowhere, and not later either', () => {
  announceArrival('/videos/second')
  pageAt('/videos/third')
  const elsewhere = hasArrived()
  pageAt('/videos/second')

  expect([elsewhere, hasArrived()]).toEqual([false, false])
})

test('where nothing can be remembered, the next page waits to be asked', () => {
  const refuse = () => {
    throw new Error('forbidden')
  }
  vi.stubGlobal('sessionStorage', { setItem: refuse, getItem: refuse, removeItem: refuse })
  announceArrival('/videos/second')
  pageAt('/videos/second')

  expect(hasArrived()).toBe(false)
})
