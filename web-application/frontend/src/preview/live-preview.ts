// What is encoded of a video by now: a stream that grows while it is watched.
import type { Early } from '../api/client'
import { isNative } from '../player/source/native'
import { streamPlayer, streamScript } from '../player/source/stream'
import { emptyVideo, showsPicture, unload } from './preview-video'
import type { Showing } from './showing'

/** From its beginning on; null when there is no picture. If it breaks off later, the video tells an error. */
export async function openGrowing({ url }: Early): Promise<Showing | null> {
  const video = emptyVideo()
  const stop = isNative(video) ? playNative(video, url) : await playByScript(video, url)
  if (!stop) return null
  if (await showsPicture(video)) return { kind: 'growing', video, stop }
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

/** Null when there is no script. */
async function playByScript(video: HTMLVideoElement, url: string): Promise<(() => void) | null> {
  const script = await streamScript()
  if (!script) return null
  const { hls, stop } = streamPlayer(script, video, { startPosition: 0 })
  hls.on(script.Events.ERROR, (_, { fatal }) => {
    if (!fatal) return
    // What is loaded plays on.
    hls.stopLoad()
    video.dispatchEvent(new Event('error'))
  })
  hls.loadSource(url)
  hls.attachMedia(video)
  return stop
}
