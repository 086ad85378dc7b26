// What is worth saying aloud: start, 25, 50, 75 %, done. Pure.
import { type State, statusLine } from './status-line'

const STEPS = [25, 50, 75]

/** The words for going from `before` to `after`, or null when nothing needs saying. */
export function milestone(title: string, before: State, after: State): string | null {
  if (after.phase !== before.phase)
    return SPOKEN.has(after.phase) ? `${title}: ${statusLine(after).text}` : null
  const [from, to] = [statusLine(before).percent ?? 0, statusLine(after).percent ?? 0]
  const passed = STEPS.find((step) => from < step && to >= step)
  return passed ? `${title}: ${passed} %` : null
}

const SPOKEN = new Set<State['phase']>([
  'uploading',
  'paused',
  'offline',
  'processing',
  'ready',
  'failed',
  'refused',
])
