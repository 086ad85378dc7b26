// Moments at which another source may take the place of the one that plays.

/** Nothing moves: paused, or waiting for what comes next. */
export function isStopped({ paused, readyState }: HTMLVideoElement): boolean {
  return paused || readyState < HTMLMediaElement.HAVE_FUTURE_DATA
}

/** Calls once: now if nothing moves, else when it stops. */
export function whenStopped(video: HTMLVideoElement, then: () => void): void {
  if (isStopped(video)) then()
  else atNext(video, ['pause', 'waiting'], () => true, then)
}

/**
 * Calls once, when it interrupts nobody: now if nothing moves, else when it is paused, moved or must wait.
 *
 * Never amid a seek: then there is no picture that could be held until there is another.
 */
export function whenSafe(video: HTMLVideoElement, then: () => void): void {
  if (isStopped(video) && !video.seeking) then()
  else atNext(video, ['pause', 'waiting', 'seeked'], () => !video.seeking, then)
}

/** Calls once: now or, at the end, when it has begun anew. What is put to its end before that does not. */
export function unlessEnded(video: HTMLVideoElement, then: () => void): void {
  if (video.ended) atNext(video, ['seeked'], () => !video.seeking, then)
  else then()
}

type Moment = 'pause' | 'waiting' | 'seeked'

function atNext(video: HTMLVideoElement, moments: Moment[], isSafe: () => boolean, then: () => void): void {
  const once = () => {
    if (!isSafe()) return
    for (const moment of moments) video.removeEventListener(moment, once)
    then()
  }
  for (const moment of moments) video.addEventListener(moment, once)
}
