// Play that nobody has pressed. A browser may allow it without sound only, which nobody has chosen.

const silenced = new WeakSet<HTMLVideoElement>()

/** With sound if the browser lets it, else without; where it allows neither, the video stands still. */
export async function playByItself(video: HTMLVideoElement): Promise<void> {
  if ((await plays(video)) || video.muted) return
  silence(video)
  if (!(await plays(video))) video.muted = false
}

/** The browser's rules keep it silent, and no person. */
export const isSilenced = (video: HTMLVideoElement): boolean => video.muted && silenced.has(video)

/** Without sound, as the browser's rules want it, until somebody turns it on. */
export function silence(video: HTMLVideoElement): void {
  video.muted = true
  silenced.add(video)
  video.addEventListener('volumechange', () => video.muted || silenced.delete(video))
}

/** What the browser's rules keep silent stays so in the next element, and is still nobody's choice. */
export function inheritSilence(next: HTMLVideoElement, from: HTMLVideoElement): void {
  if (next !== from && isSilenced(from)) silence(next)
}

async function plays(video: HTMLVideoElement): Promise<boolean> {
  try {
    await video.play()
    return true
  } catch (error) {
    // Somebody has paused it meanwhile, or another source came: that is no refusal.
    return !(error instanceof DOMException && error.name === 'NotAllowedError')
  }
}
