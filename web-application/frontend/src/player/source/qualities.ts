// Qualities in the menu for the levels of a stream, and the level that a choice means. Pure.
export const AUTO = 'auto'

interface Level {
  width: number
  height: number
  bitrate: number
}

export interface Quality {
  /** As preferences store it: `auto`, or the shorter side in pixels. */
  value: string
  label: string
}

/** One line per size, best first, after the one that leaves it to the player; nothing to choose of one size. */
export function qualitiesOf(levels: readonly Level[]): Quality[] {
  const sizes = [...new Set(levels.map(shortSide))].filter((size) => size > 0).sort((a, b) => b - a)
  if (sizes.length < 2) return []
  return [
    { value: AUTO, label: 'Auto' },
    ...sizes.map((size) => ({ value: String(size), label: `${size}p` })),
  ]
}

/**
 * The place of the level that a choice means, or -1 to let the player choose.
 *
 * Of this size or, as another video has others, the next smaller; of equal ones the best.
 */
export function levelFor(levels: readonly Level[], value: string): number {
  const size = Number(value)
  if (value === AUTO || !Number.isFinite(size) || levels.length === 0) return -1
  const fitting = levels.filter((level) => shortSide(level) <= size)
  const [best] = fitting.length > 0 ? fitting.sort(byQuality) : [...levels].sort(byQuality).slice(-1)
  return best ? levels.indexOf(best) : -1
}

export function labelOf(level: Level | undefined): string {
  return level && shortSide(level) > 0 ? `${shortSide(level)}p` : ''
}

/** The value of a level; none in particular means that the player chooses. */
export const valueOfLevel = (level: Level | undefined): string => (level ? String(shortSide(level)) : AUTO)

// An upright 720p is 720 wide.
const shortSide = ({ width, height }: Level): number => Math.min(width, height)

const byQuality = (a: Level, b: Level): number => shortSide(b) - shortSide(a) || b.bitrate - a.bitrate
