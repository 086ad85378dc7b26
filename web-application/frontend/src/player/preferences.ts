// Preferences of the viewer, kept in this browser: volume, speed and quality.
import { loadJson, storeJson } from '../ui/browser-storage'
import { AUTO } from './source/qualities'

const KEY = 'cattube:player'

interface Preferences {
  volume: number
  isMuted: boolean
  speed: number
  /** `auto`, or the shorter side in pixels. */
  quality: string
}

/** Preferences to which a <video> itself can be set. */
type SoundAndSpeed = Pick<Preferences, 'volume' | 'isMuted' | 'speed'>

export const storedPreferences = (): Preferences => ({
  volume: 1,
  isMuted: false,
  speed: 1,
  quality: AUTO,
  ...loadJson<Partial<Preferences>>(KEY, {}),
})

export const storePreferences = (preferences: Preferences) => storeJson(KEY, preferences)

export const soundAndSpeedOf = ({ volume, muted, playbackRate }: HTMLVideoElement): SoundAndSpeed => ({
  volume,
  isMuted: muted,
  speed: playbackRate,
})

export function applySoundAndSpeed(video: HTMLVideoElement, { volume, isMuted, speed }: SoundAndSpeed): void {
  video.volume = volume
  video.muted = isMuted
  video.playbackRate = speed
  // A new source begins with it.
  video.defaultPlaybackRate = speed
}
