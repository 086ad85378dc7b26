// Moments at which something else may take the place of what plays.

/** Nothing moves: paused, or waiting for what comes next. */
export function standsStill({ paused, readyState }: HTMLVideoElement): boolean {
  return paused || readyState < HTMLMediaElement.HAVE_FUTURE_DATA
}

/** Calls once: now if it stands still, else when it does. */
export function whenStill(video: HTMLVideoElement, then: () => void): void {
  if (standsStill(video)) then()
  else atNext(video, ['pause', 'waiting'], () => true, then)
}

/**
 * Calls once, when it interrupts nobody: now if it stands still, else when it is paused, moved or must wait.
 *
 * Never amid a seek: then there is no picture that could be held until there is another.
 */
export function whenFree(video: HTMLVideoElement, then: () => void): void {
  if (standsStill(video) && !video.seeking) then()
  else atNext(video, ['pause', 'waiting', 'seeked'], () => !video.seeking, then)
}

/** Calls once: now or, at the end, when it has begun anew. What is put to its end before that does not. */
export function notAtEnd(video: HTMLVideoElement, then: () => void): void {
  if (video.ended) atNext(video, ['seeked'], () => !video.seeking, then)
  else then()
}

type Moment = 'pause' | 'waiting' | 'seeked'

function atNext(video: HTMLVideoElement, moments: Moment[], isIt: () => boolean, then: () => void): void {
  const once = () => {
    if (!isIt()) return
    for (const moment of moments) video.removeEventListener(moment, once)
    then()
  }
  for (const moment of moments) video.addEventListener(moment, once)
}
