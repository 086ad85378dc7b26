// Progress beside the rows of the tray: over all files in one line, and aloud at milestones. Pure.
import { sizeOf, wait } from '../../ui/words'
import { hasUnsentBytes, type State, statusLine } from './status-line'

/** The bytes still to be sent. Empty when one file or none is on its way: then its own line says it all. */
export function totalsLine(files: { bytes: number; state: State }[]): string {
  const unsent = files.filter(({ state }) => hasUnsentBytes(state))
  if (unsent.length < 2) return ''
  const totalBytes = sum(unsent.map(({ bytes }) => bytes))
  const sentBytes = sum(unsent.map(({ state }) => ('sentBytes' in state ? state.sentBytes : 0)))
  const bytesPerSecond = sum(unsent.map(({ state }) => speedOf(state)))
  const left = bytesPerSecond > 0 ? ` · ${wait((totalBytes - sentBytes) / bytesPerSecond)} left` : ''
  return `${unsent.length} files · ${sizeOf(sentBytes, totalBytes)}${left}`
}

function speedOf(state: State): number {
  if (state.phase !== 'uploading' || !state.secondsLeft) return 0
  return (state.totalBytes - state.sentBytes) / state.secondsLeft
}

const sum = (numbers: number[]) => numbers.reduce((total, number) => total + number, 0)

const SPOKEN_PHASES = new Set<State['phase']>([
  'uploading',
  'paused',
  'offline',
  'processing',
  'ready',
  'failed',
  'refused',
])
const SPOKEN_PERCENTS = [25, 50, 75]

/** The words for going from `before` to `after`, or null when nothing needs saying. */
export function milestone(title: string, before: State, after: State): string | null {
  if (after.phase !== before.phase)
    return SPOKEN_PHASES.has(after.phase) ? `${title}: ${statusLine(after).text}` : null
  const [from, to] = [statusLine(before).percent ?? 0, statusLine(after).percent ?? 0]
  const passed = SPOKEN_PERCENTS.find((percent) => from < percent && to >= percent)
  return passed ? `${title}: ${passed} %` : null
}
