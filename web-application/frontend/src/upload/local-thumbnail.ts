// A frame of a file that is still on this machine, for its row, long before the server has a thumbnail.
const WIDTH_PX = 320
const HEIGHT_PX = 180
const GIVE_UP_MS = 8000

/** A blob: URL of a small picture, or null when the browser cannot decode the file. */
export async function stillOf(file: File): Promise<string | null> {
  const url = URL.createObjectURL(file)
  const video = Object.assign(document.createElement('video'), {
    muted: true,
    playsInline: true,
    preload: 'auto',
  })
  try {
    const isThere = arrival(video, 'loadeddata')
    video.src = url
    await isThere
    const isSought = arrival(video, 'seeked')
    video.currentTime = Math.min(video.duration * 0.1, 10)
    await isSought
    return await draw(video)
  } catch {
    return null
  } finally {
    video.removeAttribute('src')
    video.load()
    URL.revokeObjectURL(url)
  }
}

function arrival(video: HTMLVideoElement, event: 'loadeddata' | 'seeked'): Promise<void> {
  return new Promise((resolve, reject) => {
    video.addEventListener(event, () => resolve(), { once: true })
    video.addEventListener('error', reject, { once: true })
    setTimeout(reject, GIVE_UP_MS)
  })
}

async function draw(video: HTMLVideoElement): Promise<string | null> {
  const canvas = Object.assign(document.createElement('canvas'), { width: WIDTH_PX, height: HEIGHT_PX })
  const scale = Math.max(WIDTH_PX / video.videoWidth, HEIGHT_PX / video.videoHeight)
  const [width, height] = [video.videoWidth * scale, video.videoHeight * scale]
  canvas.getContext('2d')?.drawImage(video, (WIDTH_PX - width) / 2, (HEIGHT_PX - height) / 2, width, height)
  const blob = await new Promise<Blob | null>((resolve) => canvas.toBlob(resolve, 'image/webp', 0.8))
  return blob && URL.createObjectURL(blob)
}
