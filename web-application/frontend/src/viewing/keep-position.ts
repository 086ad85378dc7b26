// The position of a person with an account, kept by the site, so that another device goes on from there.
import { csrfToken } from '../api/page-data'
import { isWorthStoring } from '../player/stored-positions'

const KEEP_EVERY_MS = 15_000

/** Send the position now and then while it plays, and when it stops or the page goes. */
export function keepPosition(video: HTMLVideoElement, id: string): void {
  let keptAtMs = Date.now()
  let kept = -1
  const keep = () => {
    keptAtMs = Date.now()
    const seconds = positionToKeep(video.currentTime, video.duration)
    if (video.played.length === 0 || seconds === kept) return
    kept = seconds
    void fetch(`/api/videos/${id}/position`, {
      method: 'PUT',
      headers: { 'Content-Type': 'application/json', 'X-CSRFToken': csrfToken() },
      body: JSON.stringify({ seconds }),
      keepalive: true,
    }).catch(() => {})
  }
  video.addEventListener('timeupdate', () => {
    if (Date.now() - keptAtMs > KEEP_EVERY_MS) keep()
  })
  for (const event of ['pause', 'ended'] as const) video.addEventListener(event, keep)
  window.addEventListener('pagehide', keep)
}

/** Whole seconds; 0 for a video that has only begun or is as good as over. */
export function positionToKeep(seconds: number, lengthSeconds: number): number {
  return isWorthStoring(seconds, lengthSeconds) ? Math.floor(seconds) : 0
}
