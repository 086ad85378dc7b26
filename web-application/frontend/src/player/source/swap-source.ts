import { holdPicture } from './still'

/** Something else plays in the same <video>, at the same place and going on if it was. put: gives the video to it. */
export async function exchange(video: HTMLVideoElement, put: () => void): Promise<void> {
  const [seconds, wasPlaying] = [video.currentTime, !video.paused]
  video.preload = 'metadata'
  holdPicture(video)
  for (const old of video.querySelectorAll('source')) old.remove()
  put()
  if (seconds > 0) video.currentTime = seconds
  if (wasPlaying) await video.play().catch(() => {})
}
