// Sizes and times as people say them.
const UNITS = ['B', 'kB', 'MB', 'GB', 'TB']

/** A size: `20 GB`, `1.2 GB`, `340 kB`. */
export function size(bytes: number): string {
  const power = powerOf(bytes)
  return `${inUnit(bytes, power)} ${UNITS[power]}`
}

/** What is too large beside what is allowed, in bytes where both would read the same. */
export function excess(bytes: number, mostBytes: number): string {
  const [is, most] = [size(bytes), size(mostBytes)]
  if (is !== most) return `${is}, where ${most} are allowed`
  return `${bytes} bytes, where ${mostBytes} are allowed`
}

/** Both in the unit of the whole: `1.2 of 3.5 GB`. */
export function sizeOf(doneBytes: number, totalBytes: number): string {
  const power = powerOf(totalBytes)
  return `${inUnit(doneBytes, power)} of ${inUnit(totalBytes, power)} ${UNITS[power]}`
}

function powerOf(bytes: number): number {
  const power = bytes < 1 ? 0 : Math.floor(Math.log10(bytes) / 3)
  return Math.min(power, UNITS.length - 1)
}

// One digit behind the point from MB on, and none where it would be zero.
function inUnit(bytes: number, power: number): string {
  const value = bytes / 1000 ** power
  return power < 2 || value >= 100 ? String(Math.round(value)) : value.toFixed(1).replace(/\.0$/, '')
}

/** A wait: `40 s`, `6 min`, `1 h 5 min`. Rounded up, so that nothing takes longer than said. */
export function wait(seconds: number): string {
  if (seconds < 60) return `${Math.max(1, Math.ceil(seconds / 5) * 5)} s`
  const minutes = Math.ceil(seconds / 60)
  if (minutes < 60) return `${minutes} min`
  const rest = minutes % 60
  return rest ? `${Math.floor(minutes / 60)} h ${rest} min` : `${minutes / 60} h`
}

/** A position as a player shows it: `7:09`, `1:12:33`. */
export function clock(seconds: number): string {
  const whole = Number.isFinite(seconds) ? Math.max(0, Math.floor(seconds)) : 0
  const [hours, minutes, rest] = [Math.floor(whole / 3600), Math.floor(whole / 60) % 60, whole % 60]
  const two = (n: number) => String(n).padStart(2, '0')
  return hours ? `${hours}:${two(minutes)}:${two(rest)}` : `${minutes}:${two(rest)}`
}

/** A position as it is spoken: `7 min 9 s`. */
export function spokenClock(seconds: number): string {
  const whole = Number.isFinite(seconds) ? Math.max(0, Math.floor(seconds)) : 0
  const parts: [number, string][] = [
    [Math.floor(whole / 3600), 'h'],
    [Math.floor(whole / 60) % 60, 'min'],
    [whole % 60, 's'],
  ]
  const words = parts.filter(([count]) => count > 0).map(([count, unit]) => `${count} ${unit}`)
  return words.join(' ') || '0 s'
}
