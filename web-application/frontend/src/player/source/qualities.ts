// Qualities in the menu for the levels of a stream, and the level that a choice means. Pure.
import { qualityClass } from './quality-class'

export const AUTO = 'auto'

interface Level {
  width: number
  height: number
  bitrate: number
}

export interface Quality {
  /** As preferences store it: `auto`, or the class in pixels, as 720. */
  value: string
  label: string
}

/** One line per class, best first, after the one that leaves it to the player; nothing to choose of one. */
export function qualitiesOf(levels: readonly Level[]): Quality[] {
  const sizes = [...new Set(levels.map(qualityClass))].filter((size) => size > 0).sort((a, b) => b - a)
  if (sizes.length < 2) return []
  return [
    { value: AUTO, label: 'Auto' },
    ...sizes.map((size) => ({ value: String(size), label: `${size}p` })),
  ]
}

/**
 * The place of the level that a choice means, or -1 to let the player choose.
 *
 * Of this class or, as another video has others, the next smaller; of equal ones the best.
 */
export function levelFor(levels: readonly Level[], value: string): number {
  const size = Number(value)
  if (value === AUTO || !Number.isFinite(size) || levels.length === 0) return -1
  const fitting = levels.filter((level) => qualityClass(level) <= size)
  const [best] = fitting.length > 0 ? fitting.sort(byQuality) : [...levels].sort(byQuality).slice(-1)
  return best ? levels.indexOf(best) : -1
}

export function labelOf(level: Level | undefined): string {
  return level && qualityClass(level) > 0 ? `${qualityClass(level)}p` : ''
}

/** The value of a level; none in particular means that the player chooses. */
export const valueOfLevel = (level: Level | undefined): string => (level ? String(qualityClass(level)) : AUTO)

const byQuality = (a: Level, b: Level): number => qualityClass(b) - qualityClass(a) || b.bitrate - a.bitrate
