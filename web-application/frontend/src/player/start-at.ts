/** The seconds of `?t=83`, `?t=1m23s` or `?t=1h2m3s`; null when the link names no time. */
export function startAt(search: string): number | null {
  const text = new URLSearchParams(search).get('t') ?? ''
  if (/^\d+$/.test(text)) return Number(text)
  const found = /^(?:(\d+)h)?(?:(\d+)m)?(?:(\d+)s)?$/.exec(text)
  if (!text || !found) return null
  const [hours, minutes, seconds] = [found[1], found[2], found[3]].map((part) => Number(part ?? 0))
  return (hours ?? 0) * 3600 + (minutes ?? 0) * 60 + (seconds ?? 0)
}
