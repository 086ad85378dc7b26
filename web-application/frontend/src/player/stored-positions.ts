// Last positions of the viewer in every video, kept in this browser.
import { loadJson, storeJson } from '../ui/browser-storage'

// The key of earlier versions: positions that they stored must be found.
const KEY = 'cattube:places'
const MIN_SECONDS = 5
const END_SHARE = 0.95
const MAX_POSITIONS = 200
const STORE_EVERY_MS = 5000

type StoredPosition = [id: string, seconds: number]

/** The position to go on from, or 0. */
export function storedSeconds(id: string): number {
  return loadJson<StoredPosition[]>(KEY, []).find(([other]) => other === id)?.[1] ?? 0
}

/** Store the position of a video while it plays, and when it stops or the page goes. */
export function startStoring(video: HTMLVideoElement, id: string): void {
  let storedAtMs = 0
  const store = () => {
    storedAtMs = Date.now()
    if (video.duration) storePosition(id, video.currentTime, video.duration)
  }
  video.addEventListener('timeupdate', () => {
    if (Date.now() - storedAtMs > STORE_EVERY_MS) store()
  })
  video.addEventListener('pause', store)
  video.addEventListener('ended', () => storePosition(id, 0, video.duration))
  window.addEventListener('pagehide', store)
}

export function storePosition(id: string, seconds: number, lengthSeconds: number): void {
  const others = loadJson<StoredPosition[]>(KEY, []).filter(([other]) => other !== id)
  if (isWorthStoring(seconds, lengthSeconds)) others.unshift([id, Math.floor(seconds)])
  storeJson(KEY, others.slice(0, MAX_POSITIONS))
}

/** Not when the video has only begun or is as good as over. */
export function isWorthStoring(seconds: number, lengthSeconds: number): boolean {
  return seconds >= MIN_SECONDS && seconds < lengthSeconds * END_SHARE
}
