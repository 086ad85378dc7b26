// Where somebody stands in a video, carried from one player of it to the next.
import { holdPicture, isSeen } from './source/still'

export interface Place {
  seconds: number
  isPlaying: boolean
  /** What has played so far; it lends its picture until there is one to go on with. */
  video: HTMLVideoElement
}

/** Null where nobody has begun to watch. Who has seen the end begins anew. */
export function placeIn(video: HTMLVideoElement): Place | null {
  const { paused, ended, currentTime } = video
  if (paused && !isSeen(video)) return null
  return { seconds: ended ? 0 : currentTime, isPlaying: !paused, video }
}

export function goOn(video: HTMLVideoElement, place: Place): void {
  if (place.seconds > 0) holdPicture(video, place.video)
  video.currentTime = place.seconds
  // A play that the browser refuses shows in the next state.
  if (place.isPlaying) void video.play().catch(() => {})
}
