// The live preview: a stream of what is encoded of a video by now, which grows while it is watched.
import type { PreviewSource } from '../api/videos'
import { isNative, loadHls, newHls } from '../player/source/hls'
import { emptyVideo, hasPicture, type Preview, unload } from './preview-video'

/** From its beginning on; null when there is no picture. If it breaks off later, the video tells an error. */
export async function openLivePreview({ url }: PreviewSource): Promise<Preview | null> {
  const video = emptyVideo()
  const stop = isNative(video) ? playNative(video, url) : await playByHls(video, url)
  if (!stop) return null
  if (await hasPicture(video)) return { kind: 'live-preview', video, stop }
  stop()
  return null
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
async function playByHls(video: HTMLVideoElement, url: string): Promise<(() => void) | null> {
  const Script = await loadHls()
  if (!Script) return null
  const { hls, stop } = newHls(Script, video, { startPosition: 0 })
  hls.on(Script.Events.ERROR, (_, { fatal }) => {
    if (!fatal) return
    // What is loaded plays on.
    hls.stopLoad()
    video.dispatchEvent(new Event('error'))
  })
  hls.loadSource(url)
  hls.attachMedia(video)
  return stop
}
