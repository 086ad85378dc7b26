/** The option that a key leads to from `current`; -1 is the field itself, null a key for something else. */
export function optionStep(key: string, current: number, count: number): number | null {
  if (count === 0) return null
  if (key === 'ArrowDown') return current + 1 < count ? current + 1 : -1
  if (key === 'ArrowUp') return current < 0 ? count - 1 : current - 1
  return null
}
