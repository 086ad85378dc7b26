// Holds the picture while another file takes its place, so that nobody sees the change.
const LONGEST_MS = 5000

/** Covers the video with what it shows; the cover goes by itself when the new file has a picture. */
export function holdPicture(video: HTMLVideoElement): void {
  if (video.readyState < HTMLMediaElement.HAVE_CURRENT_DATA || !video.videoWidth) return
  const still = document.createElement('canvas')
  still.className = 'player__still'
  still.width = video.videoWidth
  still.height = video.videoHeight
  // A picture of another origin may be shown; only reading it back is forbidden.
  still.getContext('2d')?.drawImage(video, 0, 0)
  video.after(still)
  const drop = () => still.remove()
  // The first picture may be of the beginning: the one that counts comes when the old place is found again.
  for (const event of ['seeked', 'error', 'playing'] as const) video.addEventListener(event, drop, { once: true })
  setTimeout(drop, LONGEST_MS)
}
