// Positions in a video: where a link says to begin, and where one player of it hands over to the next.
import { holdFrame, isSeen } from './source/swap-source'

export interface Position {
  seconds: number
  isPlaying: boolean
  /** The one that has played so far; it lends its picture until there is one to go on with. */
  video: HTMLVideoElement
}

/** Null where nobody has begun to watch. Who has seen the end begins anew. */
export function positionIn(video: HTMLVideoElement): Position | null {
  const { paused, ended, currentTime } = video
  if (paused && !isSeen(video)) return null
  return { seconds: ended ? 0 : currentTime, isPlaying: !paused, video }
}

export function resumeAt(video: HTMLVideoElement, position: Position): void {
  if (position.seconds > 0) holdFrame(video, position.video)
  video.currentTime = position.seconds
  // A play that the browser refuses shows in the next state.
  if (position.isPlaying) void video.play().catch(() => {})
}

/** The seconds of `?t=83`, `?t=1m23s` or `?t=1h2m3s`; null when the link names no time. */
export function linkedSeconds(search: string): number | null {
  const text = new URLSearchParams(search).get('t') ?? ''
  if (/^\d+$/.test(text)) return Number(text)
  const match = /^(?:(\d+)h)?(?:(\d+)m)?(?:(\d+)s)?$/.exec(text)
  if (!text || !match) return null
  const [hours, minutes, seconds] = [match[1], match[2], match[3]].map((part) => Number(part ?? 0))
  return (hours ?? 0) * 3600 + (minutes ?? 0) * 60 + (seconds ?? 0)
}
