import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { LinkRenewal } from '../../../src/player/source/link-renewal'
import { addressesIn, StreamLinks } from '../../../src/player/source/stream-links'

const SITE = 'https://site.example'
const BUCKET = 'https://bucket.example/private'
const HOUR_MS = 3_600_000

// A site whose links carry the number of the answer that brought them.
function site() {
  let count = 0
  const requests: string[] = []
  const fetchVideo = async () => {
    count += 1
    return links(`${SITE}/files/hls/playlist.m3u8?signature=${count}`)
  }
  const fetchText = async (url: string) => {
    requests.push(url)
    if (url.includes('/playlist.m3u8'))
      return `#EXTM3U\n#EXT-X-MEDIA:TYPE=AUDIO,URI="/files/hls/sound.m3u8?signature=${count}"\n/files/hls/720p.m3u8?signature=${count}\n`
    const name = url.includes('720p') ? '720p' : 'sound'
    return `#EXTM3U\n#EXT-X-MAP:URI="${BUCKET}/${name}.mp4?x=${count}"\n#EXTINF:6,\n${BUCKET}/${name}_1.m4s?x=${count}\n`
  }
  return { fetchVideo, fetchText, requests }
}

const links = (hls: string | null) => ({
  id: 'cat',
  links_last_seconds: HOUR_MS / 1000,
  hls,
  storyboard: null,
  sources: [{ url: '/cat.mp4', type: 'video/mp4', width: 1280, height: 720, label: '720p' }],
})

beforeEach(() => {
  vi.useFakeTimers()
  vi.stubGlobal('location', { href: `${SITE}/videos/cat` })
})
afterEach(() => {
  vi.useRealTimers()
  vi.unstubAllGlobals()
})

test('a link that is good is asked for as it is', async () => {
  const { fetchVideo, fetchText, requests } = site()
  const stream = new StreamLinks(
    new LinkRenewal('cat', links('/files/hls/playlist.m3u8'), fetchVideo),
    fetchText,
  )

  expect(await stream.present(`${BUCKET}/720p_1.m4s?x=0`)).toBe(`${BUCKET}/720p_1.m4s?x=0`)
  expect(requests).toEqual([])
})

test('when the time of the links is over, every object of the stream gets a fresh one by one question', async () => {
  const { fetchVideo, fetchText, requests } = site()
  const stream = new StreamLinks(
    new LinkRenewal('cat', links('/files/hls/playlist.m3u8'), fetchVideo),
    fetchText,
  )
  vi.setSystemTime(Date.now() + HOUR_MS)

  const old = [
    `${BUCKET}/720p_1.m4s?x=0`,
    `${BUCKET}/sound.mp4?x=0`,
    `${SITE}/files/hls/720p.m3u8?signature=0`,
    `${SITE}/files/hls/playlist.m3u8?signature=0`,
  ]
  const fresh = await Promise.all(old.map((url) => stream.present(url)))

  expect(fresh).toEqual(old.map((url) => url.replace('=0', '=1')))
  expect(requests).toHaveLength(3)
})

test('links that were refused before their time are asked for anew', async () => {
  const { fetchVideo, fetchText } = site()
  const stream = new StreamLinks(
    new LinkRenewal('cat', links('/files/hls/playlist.m3u8'), fetchVideo),
    fetchText,
  )

  expect(await stream.renew()).toBe(true)
  expect(await stream.present(`${BUCKET}/720p_1.m4s?x=0`)).toBe(`${BUCKET}/720p_1.m4s?x=1`)
})

test('without an answer the old links are all there is', async () => {
  const { fetchText } = site()
  const stream = new StreamLinks(
    new LinkRenewal('cat', links('/files/hls/playlist.m3u8'), () => Promise.reject(new Error('offline'))),
    fetchText,
  )
  vi.setSystemTime(Date.now() + HOUR_MS)

  expect(await stream.present(`${BUCKET}/720p_1.m4s?x=0`)).toBe(`${BUCKET}/720p_1.m4s?x=0`)
  expect(await stream.renew()).toBe(false)
})

test('a video that has lost its stream has no links to it', async () => {
  const { fetchText } = site()
  const stream = new StreamLinks(
    new LinkRenewal('cat', links('/files/hls/playlist.m3u8'), async () => links(null)),
    fetchText,
  )

  expect(await stream.renew()).toBe(false)
})

test('all addresses of a playlist are found, in attributes and on lines of their own', () => {
  const playlist =
    '#EXTM3U\r\n#EXT-X-MEDIA:NAME="URI=x",URI="sound.m3u8"\r\n#EXT-X-MAP:URI="init.mp4"\r\n\r\none.m4s\r\n#EXT-X-ENDLIST\r\n'

  expect(addressesIn(playlist)).toEqual(['sound.m3u8', 'init.mp4', 'one.m4s'])
})
