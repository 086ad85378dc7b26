// Cues as they are edited. Pure. `text` is as people write it: "Tom & <i>Jerry</i>".
export interface Cue {
  start_seconds: number
  end_seconds: number
  text: string
  /** Where it stands in the picture, in WebVTT's notation. */
  settings: string
}

const NEW_SECONDS = 2
const LEAST_SECONDS = 0.001

/** A cue that begins at this moment and ends before `next` does begin. */
export function newCue(atSeconds: number, next: Cue | undefined): Cue {
  const start = inMilliseconds(Math.max(0, atSeconds))
  const room = next ? next.start_seconds - start : NEW_SECONDS
  const length = room > LEAST_SECONDS ? Math.min(NEW_SECONDS, room) : NEW_SECONDS
  return { start_seconds: start, end_seconds: inMilliseconds(start + length), text: '', settings: '' }
}

/** Two of one, cut at that place of its text; null where one half would be empty. The time is shared by letters. */
export function splitCue(cue: Cue, caret: number): [Cue, Cue] | null {
  const [before, after] = [cue.text.slice(0, caret).trim(), cue.text.slice(caret).trim()]
  const length = cue.end_seconds - cue.start_seconds
  if (!before || !after || length < 2 * LEAST_SECONDS) return null
  const share = before.length / (before.length + after.length)
  const middle = inMilliseconds(
    Math.min(
      cue.end_seconds - LEAST_SECONDS,
      Math.max(cue.start_seconds + LEAST_SECONDS, cue.start_seconds + length * share),
    ),
  )
  return [
    { ...cue, text: before, end_seconds: middle },
    { ...cue, text: after, start_seconds: middle },
  ]
}

/** What keeps a cue from being saved, in words; null when nothing does. */
export function problemOf(cue: Cue): string | null {
  if (Number.isNaN(cue.start_seconds) || Number.isNaN(cue.end_seconds))
    return 'Write times as 1:02.500 or 1:02:03.'
  return cue.end_seconds > cue.start_seconds ? null : 'It ends before it begins.'
}

export const inMilliseconds = (seconds: number) => Math.round(seconds * 1000) / 1000
