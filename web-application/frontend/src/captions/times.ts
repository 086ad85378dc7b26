// Times of cues as people write them. Pure.
const TIME = /^(?:(\d{1,3}):)?(\d{1,2}):([0-5]?\d(?:[.,]\d{1,3})?)$/

/** Seconds of `1:02.5`, `1:02:03` or `1:02,500`; NaN of what is no time. */
export function readTime(text: string): number {
  const match = TIME.exec(text.trim())
  if (!match || Number(match[2]) > 59) return Number.NaN
  const [hours, minutes, seconds] = [match[1] ?? '0', match[2], match[3]?.replace(',', '.')].map(Number)
  return Math.round(((hours ?? 0) * 3600 + (minutes ?? 0) * 60 + (seconds ?? 0)) * 1000) / 1000
}

/** `1:02.500`, `1:02:03.000`. */
export function writtenTime(seconds: number): string {
  const whole = Math.round(seconds * 1000)
  const [hours, minutes] = [Math.floor(whole / 3_600_000), Math.floor(whole / 60_000) % 60]
  const rest = ((whole % 60_000) / 1000).toFixed(3).padStart(6, '0')
  return hours ? `${hours}:${String(minutes).padStart(2, '0')}:${rest}` : `${minutes}:${rest}`
}
