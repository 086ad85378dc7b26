// A thumbnail of a file that is still on this machine, for its row, long before the server has one.
import { frameOf } from '../../ui/video-frame'

const WIDTH_PX = 320
const HEIGHT_PX = 180
const GIVE_UP_MS = 8000

/** A blob: URL of a small picture, or null when the browser cannot decode the file. */
export async function localThumbnail(file: File): Promise<string | null> {
  const url = URL.createObjectURL(file)
  const video = Object.assign(document.createElement('video'), {
    muted: true,
    playsInline: true,
    preload: 'auto',
  })
  try {
    const loaded = nextEvent(video, 'loadeddata')
    video.src = url
    await loaded
    const sought = nextEvent(video, 'seeked')
    video.currentTime = Math.min(video.duration * 0.1, 10)
    await sought
    return await blobUrlOf(frameOf(video, WIDTH_PX, HEIGHT_PX))
  } catch {
    return null
  } finally {
    video.removeAttribute('src')
    video.load()
    URL.revokeObjectURL(url)
  }
}

function nextEvent(video: HTMLVideoElement, event: 'loadeddata' | 'seeked'): Promise<void> {
  return new Promise((resolve, reject) => {
    video.addEventListener(event, () => resolve(), { once: true })
    video.addEventListener('error', reject, { once: true })
    setTimeout(reject, GIVE_UP_MS)
  })
}

async function blobUrlOf(canvas: HTMLCanvasElement): Promise<string | null> {
  const blob = await new Promise<Blob | null>((resolve) => canvas.toBlob(resolve, 'image/webp', 0.8))
  return blob && URL.createObjectURL(blob)
}
