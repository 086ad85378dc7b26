// A <video> that shows something of a video before that is ready, and is tried before anybody sees it.

/** stop: frees what it holds. */
export interface Preview {
  kind: 'live-preview' | 'original'
  video: HTMLVideoElement
  stop: () => void
}

/** One with the browser's own controls and nothing in it. */
export function emptyVideo(): HTMLVideoElement {
  const video = document.createElement('video')
  video.controls = true
  video.playsInline = true
  video.preload = 'auto'
  return video
}

/**
 * True once there is a picture to see, false when there will be none.
 *
 * canPlayType refuses much that plays, and a browser without HEVC "plays" it as sound: only a picture tells.
 */
export function hasPicture(video: HTMLVideoElement): Promise<boolean> {
  return new Promise((resolve) => {
    video.addEventListener('loadeddata', () => resolve(video.videoWidth > 0), { once: true })
    video.addEventListener('error', () => resolve(false), { once: true })
  })
}

/** Free what it has loaded, and the connection. */
export function unload(video: HTMLVideoElement): void {
  video.removeAttribute('src')
  video.load()
}
