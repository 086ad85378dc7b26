// The line above the tray: what is still to be sent, over all files. Pure.
import { sizeOf, wait } from '../ui/words'
import { hasUnsentBytes, type State } from './status-line'

/** Empty when one file or none is on its way: then its own line says it all. */
export function totalsLine(files: { bytes: number; state: State }[]): string {
  const unsent = files.filter(({ state }) => hasUnsentBytes(state))
  if (unsent.length < 2) return ''
  const total = sum(unsent.map(({ bytes }) => bytes))
  const sent = sum(unsent.map(({ state }) => ('sentBytes' in state ? state.sentBytes : 0)))
  const bytesPerSecond = sum(unsent.map(({ state }) => speedOf(state)))
  const left = bytesPerSecond > 0 ? ` · ${wait((total - sent) / bytesPerSecond)} left` : ''
  return `${unsent.length} files · ${sizeOf(sent, total)}${left}`
}

function speedOf(state: State): number {
  if (state.phase !== 'uploading' || !state.secondsLeft) return 0
  return (state.totalBytes - state.sentBytes) / state.secondsLeft
}

const sum = (numbers: number[]) => numbers.reduce((total, one) => total + one, 0)
