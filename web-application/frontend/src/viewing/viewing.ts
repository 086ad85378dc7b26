// What the site is told of watching, and what it tells: views, and the position of a person with an account.
import { readJson } from '../api/page-data'
import { storePosition } from '../player/stored-positions'
import { keepPosition } from './keep-position'
import { reportView } from './report-view'

interface Viewing {
  /** The viewer has an account, and its history is on. */
  keeps_position: boolean
  position_seconds: number
}

/** Before the player looks for it: the position that the viewer reached on any device. */
export function takePosition(id: string): void {
  const { keeps_position, position_seconds } = readJson<Viewing>('viewing')
  if (keeps_position && position_seconds > 0) storePosition(id, position_seconds, Number.POSITIVE_INFINITY)
}

export function startViewing(video: HTMLVideoElement, id: string): void {
  reportView(video, id)
  if (readJson<Viewing>('viewing').keeps_position) keepPosition(video, id)
}
