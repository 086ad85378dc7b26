// The live preview: a stream of what is encoded of a video by now, which grows while it is watched.
import { isNative, loadHls, newHls } from '../player/source/hls'
import type { LiveAddress } from './live-address'
import { emptyVideo, hasPicture, type Preview, unload } from './preview-video'

// The address is no good any more, or there is nothing behind it: the site may know another.
const GONE = [401, 403, 404, 410]

/** Load what plays it before there is one: then it is there when the first picture is. */
export function prepareForLivePreview(): void {
  if (!isNative(document.createElement('video'))) void loadHls()
}

/** From its beginning on; null when there is no picture. If it breaks off later, the video tells an error. */
export async function openLivePreview(address: LiveAddress): Promise<Preview | null> {
  const video = emptyVideo()
  const stop = isNative(video) ? playNative(video, address.url) : await playByHls(video, address)
  if (!stop) return null
  if (await hasPicture(video)) return { kind: 'live-preview', video, stop }
  stop()
  return null
}

/** The seconds of the video that are there by now. */
export function secondsThere({ seekable }: HTMLVideoElement): number {
  return seekable.length > 0 ? seekable.end(seekable.length - 1) : 0
}

function playNative(video: HTMLVideoElement, url: string): () => void {
  // Where a stream has no end yet, a browser begins with what came last.
  const toBeginning = () => {
    video.currentTime = 0
  }
  video.addEventListener('loadedmetadata', toBeginning, { once: true })
  video.src = url
  return () => unload(video)
}

/** Null when there is no hls.js. */
async function playByHls(video: HTMLVideoElement, address: LiveAddress): Promise<(() => void) | null> {
  const Script = await loadHls()
  if (!Script) return null
  const { hls, stop } = newHls(Script, video, {
    startPosition: 0,
    xhrSetup: (request, url) => request.open('GET', address.present(url), true),
  })
  hls.on(Script.Events.ERROR, async (_, { fatal, response }) => {
    const isFound = GONE.includes(response?.code ?? 0) && (await address.renew())
    if (!fatal) return
    if (isFound) return hls.startLoad(video.currentTime)
    // What is loaded plays on.
    hls.stopLoad()
    video.dispatchEvent(new Event('error'))
  })
  hls.loadSource(address.url)
  hls.attachMedia(video)
  return stop
}
