// Holds the picture while another file takes its place, so that nobody sees the change.
const LONGEST_MS = 5000

/** Covers the video with what `from` shows; the cover goes by itself when the new file has a picture. */
export function holdPicture(video: HTMLVideoElement, from = video): void {
  if (from.readyState < HTMLMediaElement.HAVE_CURRENT_DATA || !from.videoWidth || !isSeen(from)) return
  const still = document.createElement('canvas')
  still.className = 'player__still'
  still.width = from.videoWidth
  still.height = from.videoHeight
  // A picture of another origin may be shown; only reading it back is forbidden.
  still.getContext('2d')?.drawImage(from, 0, 0)
  video.after(still)
  const drop = () => still.remove()
  // The first picture may be of the beginning: the one that counts comes when the old place is found again.
  for (const event of ['seeked', 'error', 'playing'] as const)
    video.addEventListener(event, drop, { once: true })
  setTimeout(drop, LONGEST_MS)
}

/** Something of it has been seen: else there is the poster before it. */
export function isSeen({ currentTime, played }: HTMLVideoElement): boolean {
  return currentTime > 0 || played.length > 0
}
