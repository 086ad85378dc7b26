// A <video> that is tried before anybody sees it.

/** One with the browser's own controls and nothing in it. */
export function emptyVideo(): HTMLVideoElement {
  const video = document.createElement('video')
  video.controls = true
  video.playsInline = true
  video.preload = 'auto'
  return video
}

/**
 * Whether it comes to show something.
 *
 * canPlayType refuses much that plays, and a browser without HEVC "plays" it as sound: only a picture tells.
 */
export function showsPicture(video: HTMLVideoElement): Promise<boolean> {
  return new Promise((resolve) => {
    video.addEventListener('loadeddata', () => resolve(video.videoWidth > 0), { once: true })
    video.addEventListener('error', () => resolve(false), { once: true })
  })
}

/** Frees what it has loaded, and the connection. */
export function unload(video: HTMLVideoElement): void {
  video.removeAttribute('src')
  video.load()
}
