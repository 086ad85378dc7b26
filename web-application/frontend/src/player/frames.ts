// Steps from frame to frame. How long a frame is, the browser tells only by the frames that it shows.

const USUAL_SECONDS = 1 / 30
// Neighbouring frames, and no pause between them.
const LONGEST_SECONDS = 0.2
const SAMPLES = 24

/** The length of a frame, from the times of frames that were shown one after another. */
export class FrameLength {
  #lastSeconds = Number.NaN
  readonly #gaps: number[] = []

  see(mediaSeconds: number): void {
    const gap = mediaSeconds - this.#lastSeconds
    this.#lastSeconds = mediaSeconds
    if (gap > 0 && gap < LONGEST_SECONDS) this.#gaps.push(gap)
    if (this.#gaps.length > SAMPLES) this.#gaps.shift()
  }

  /** The median, so that a frame which was left out counts for nothing. Seconds. */
  get seconds(): number {
    const sorted = [...this.#gaps].sort((a, b) => a - b)
    return sorted[Math.floor(sorted.length / 2)] ?? USUAL_SECONDS
  }
}

/** The middle of the frame before or after the one at this moment: its edges are rounded differently everywhere. */
export function frameBeside(seconds: number, step: 1 | -1, frameSeconds: number): number {
  // A hair, since the sum of many frames is rounded, too.
  const frame = Math.floor(seconds / frameSeconds + 0.001)
  return (Math.max(0, frame + step) + 0.5) * frameSeconds
}

/** Watch the frames of a video that plays. */
export function watchFrames(video: HTMLVideoElement): FrameLength {
  const length = new FrameLength()
  if (!('requestVideoFrameCallback' in video)) return length
  const see = (_: number, { mediaTime }: VideoFrameCallbackMetadata) => {
    // At other speeds some are left out.
    if (video.playbackRate === 1) length.see(mediaTime)
    video.requestVideoFrameCallback(see)
  }
  video.requestVideoFrameCallback(see)
  return length
}
