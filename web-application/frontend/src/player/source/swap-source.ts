// Another source takes the place of the one that plays in a <video>, so that nobody sees the change.
import { frameOf } from '../../ui/video-frame'

const LONGEST_HOLD_MS = 5000

/** The new source plays from the same position, and goes on if the old one did. put: sets the new source. */
export async function swapSource(video: HTMLVideoElement, put: () => void): Promise<void> {
  const [seconds, wasPlaying] = [video.currentTime, !video.paused]
  video.preload = 'metadata'
  holdFrame(video)
  for (const source of video.querySelectorAll('source')) source.remove()
  put()
  if (seconds > 0) video.currentTime = seconds
  if (wasPlaying) await video.play().catch(() => {})
}

/** Cover the video with what `from` shows; the cover goes by itself when the new source has a picture. */
export function holdFrame(video: HTMLVideoElement, from = video): void {
  if (from.readyState < HTMLMediaElement.HAVE_CURRENT_DATA || !from.videoWidth || !isSeen(from)) return
  const frame = frameOf(from)
  frame.className = 'player__still'
  video.after(frame)
  const drop = () => frame.remove()
  // The first picture may be of the beginning: the one that counts comes when the old position is found again.
  for (const event of ['seeked', 'error', 'playing'] as const)
    video.addEventListener(event, drop, { once: true })
  setTimeout(drop, LONGEST_HOLD_MS)
}

/** Something of it has been seen: else there is the poster before it. */
export function isSeen({ currentTime, played }: HTMLVideoElement): boolean {
  return currentTime > 0 || played.length > 0
}
