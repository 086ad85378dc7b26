// What the browser remembers: the place in every video, the volume, the speed and the quality.
import { AUTO } from './source/qualities'

const MIN_SECONDS = 5
const END_SHARE = 0.95
const MAX_PLACES = 200
const PLACES = 'cattube:places'
const SETTINGS = 'cattube:player'

export interface Settings {
  volume: number
  isMuted: boolean
  speed: number
  /** `auto`, or the shorter side in pixels. */
  quality: string
}

/** Where to go on, or 0. */
export function placeOf(id: string): number {
  return read<[string, number][]>(PLACES, []).find(([other]) => other === id)?.[1] ?? 0
}

/** Keeps the place unless the video has only begun or is as good as over. */
export function keepPlace(id: string, seconds: number, lengthSeconds: number): void {
  const others = read<[string, number][]>(PLACES, []).filter(([other]) => other !== id)
  if (isWorthKeeping(seconds, lengthSeconds)) others.unshift([id, Math.floor(seconds)])
  write(PLACES, others.slice(0, MAX_PLACES))
}

export function isWorthKeeping(seconds: number, lengthSeconds: number): boolean {
  return seconds >= MIN_SECONDS && seconds < lengthSeconds * END_SHARE
}

export const keptSettings = (): Settings => ({
  volume: 1,
  isMuted: false,
  speed: 1,
  quality: AUTO,
  ...read<Partial<Settings>>(SETTINGS, {}),
})

type Heard = Pick<Settings, 'volume' | 'isMuted' | 'speed'>

export const settingsOf = ({ volume, muted, playbackRate }: HTMLVideoElement): Heard => ({
  volume,
  isMuted: muted,
  speed: playbackRate,
})

export function setUp(video: HTMLVideoElement, { volume, isMuted, speed }: Heard): void {
  video.volume = volume
  video.muted = isMuted
  video.playbackRate = speed
  // What a file begins with.
  video.defaultPlaybackRate = speed
}

export const keepSettings = (settings: Settings) => write(SETTINGS, settings)

// Storage may be forbidden or full: then nothing is remembered, and nothing breaks.
function read<T>(key: string, otherwise: T): T {
  try {
    return (JSON.parse(localStorage.getItem(key) ?? 'null') as T | null) ?? otherwise
  } catch {
    return otherwise
  }
}

function write(key: string, value: unknown): void {
  try {
    localStorage.setItem(key, JSON.stringify(value))
  } catch {
    // see read
  }
}
