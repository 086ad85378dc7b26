import { afterEach, expect, test, vi } from 'vitest'
import { findLateIndex, sendIndexAhead } from '../../../src/upload/sending/movie-index'

const UPLOAD = 'http://engine.test/resumable/files/1'

function box(kind: string, content: Uint8Array<ArrayBuffer> = new Uint8Array(8)): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(8 + content.length)
  new DataView(bytes.buffer).setUint32(0, bytes.length)
  bytes.set(new TextEncoder().encode(kind), 4)
  bytes.set(content, 8)
  return bytes
}

function largeBox(kind: string): Uint8Array<ArrayBuffer> {
  const bytes = box(kind, new Uint8Array(16))
  new DataView(bytes.buffer).setUint32(0, 1)
  new DataView(bytes.buffer).setBigUint64(8, BigInt(bytes.length))
  return bytes
}

const film = (...boxes: Uint8Array<ArrayBuffer>[]) => new Blob(boxes)

afterEach(() => void vi.unstubAllGlobals())

test('the index behind the pictures is found, with its place', async () => {
  const index = await findLateIndex(film(box('ftyp'), box('mdat'), box('free'), box('moov')))

  expect(index?.start).toBe(48)
  expect(new Uint8Array((await index?.box.arrayBuffer()) ?? [])).toEqual(box('moov'))
})

test('pictures of more than four gigabytes say their size otherwise', async () => {
  expect((await findLateIndex(film(box('ftyp'), largeBox('mdat'), box('moov'))))?.start).toBe(40)
})

test.each([
  ['the index comes first', film(box('ftyp'), box('moov'), box('mdat'))],
  ['there is none', film(box('ftyp'), box('mdat'))],
  ['it is no film', new Blob(['#EXTM3U and a good many words after that'])],
  ['it is empty', new Blob([])],
  ['a box says that it has no size', film(box('ftyp'), new Uint8Array(16))],
  ['the last box is cut off', film(box('ftyp'), box('mdat'), box('moov').slice(0, 12))],
])('there is nothing to send ahead when %s', async (_, file) => {
  expect(await findLateIndex(file)).toBeNull()
})

test('the index goes to where the bytes go', async () => {
  const fetched = vi.fn(async () => new Response(null, { status: 204 }))
  vi.stubGlobal('fetch', fetched)

  await sendIndexAhead(film(box('ftyp'), box('mdat'), box('moov')), UPLOAD)

  const headers = { 'Index-Offset': '32', 'Content-Type': 'application/octet-stream' }
  expect(fetched).toHaveBeenCalledWith(
    `${UPLOAD}/index`,
    expect.objectContaining({ method: 'POST', headers }),
  )
})

test('the hosted service is sent nothing but the bytes', async () => {
  const fetched = vi.fn()
  vi.stubGlobal('fetch', fetched)

  await sendIndexAhead(film(box('ftyp'), box('mdat'), box('moov')), 'https://api2-x.transloadit.com/files/1')

  expect(fetched).not.toHaveBeenCalled()
})

test('a lost connection is none of its business', async () => {
  vi.stubGlobal('fetch', vi.fn().mockRejectedValue(new TypeError('failed to fetch')))

  await expect(sendIndexAhead(film(box('ftyp'), box('mdat'), box('moov')), UPLOAD)).resolves.toBeUndefined()
})
