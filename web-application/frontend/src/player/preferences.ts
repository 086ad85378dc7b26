// Preferences of the viewer, kept in this browser.
import { loadJson, storeJson } from '../ui/browser-storage'
import type { CaptionWish } from './captions/caption-choice'
import { BACKGROUNDS, type CaptionLooks, SIZES } from './captions/caption-looks'
import { AUTO } from './source/qualities'

const KEY = 'cattube:player'

export interface Preferences {
  volume: number
  isMuted: boolean
  speed: number
  /** `auto`, or the class in pixels, as 720. */
  quality: string
  captions: CaptionWish & CaptionLooks
  /** A small picture stays in sight while the viewer scrolls. */
  hasMiniPlayer: boolean
  /** At the end, the next video begins by itself. */
  playsNext: boolean
}

/** Preferences to which a <video> itself can be set. */
type SoundAndSpeed = Pick<Preferences, 'volume' | 'isMuted' | 'speed'>

export const storedPreferences = (): Preferences => completed(loadJson<unknown>(KEY, null))

export const storePreferences = (change: Partial<Preferences>) =>
  storeJson(KEY, { ...storedPreferences(), ...change })

/** What was stored, by whichever version, with all that it lacks; what cannot be is left out. */
export function completed(stored: unknown): Preferences {
  const known = recordOf(stored)
  const captions = recordOf(known.captions)
  return {
    volume: numberWithin(known.volume, 0, 1, 1),
    isMuted: known.isMuted === true,
    speed: numberWithin(known.speed, 0.25, 4, 1),
    quality: typeof known.quality === 'string' ? known.quality : AUTO,
    captions: {
      isOn: captions.isOn === true,
      language: typeof captions.language === 'string' ? captions.language : '',
      size: SIZES.find((size) => size === captions.size) ?? 'medium',
      background: BACKGROUNDS.find((background) => background === captions.background) ?? 'half',
    },
    hasMiniPlayer: known.hasMiniPlayer !== false,
    playsNext: known.playsNext !== false,
  }
}

const recordOf = (value: unknown): Record<string, unknown> =>
  typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {}

const numberWithin = (value: unknown, least: number, most: number, otherwise: number): number =>
  typeof value === 'number' && value >= least && value <= most ? value : otherwise

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
