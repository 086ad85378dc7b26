// One true line per file: what happens, how far, what next. Pure.
import { sizeOf, wait } from '../../ui/words'

export type State =
  | { phase: 'preparing' }
  | { phase: 'waiting'; place: number }
  | { phase: 'uploading'; sentBytes: number; totalBytes: number; secondsLeft: number | null }
  | { phase: 'paused'; sentBytes: number; totalBytes: number }
  | { phase: 'offline'; sentBytes: number; totalBytes: number }
  | { phase: 'received' }
  | { phase: 'queued'; place: number | null }
  | { phase: 'held' }
  | { phase: 'processing'; percent: number; secondsLeft: number | null }
  | { phase: 'storing'; percent: number }
  | { phase: 'ready'; isImproving: boolean }
  | { phase: 'failed'; reason: string }
  | { phase: 'refused'; reason: string }

type Tone = 'busy' | 'ok' | 'bad' | 'off'

interface StatusLine {
  text: string
  tone: Tone
  /** null: no bar, because nothing moves. */
  percent: number | null
}

export function statusLine(state: State): StatusLine {
  switch (state.phase) {
    case 'preparing':
      return { text: 'Getting ready', tone: 'busy', percent: 0 }
    case 'waiting':
      return { text: `Waiting, place ${state.place}`, tone: 'off', percent: 0 }
    case 'uploading':
      return { text: uploadingText(state), tone: 'busy', percent: percentSent(state) }
    case 'paused':
      return { text: `Paused at ${percentSent(state)} %`, tone: 'off', percent: percentSent(state) }
    case 'offline':
      return { text: 'No connection · will go on by itself', tone: 'off', percent: percentSent(state) }
    case 'received':
      return { text: 'Uploaded · processing starts soon', tone: 'busy', percent: 0 }
    case 'queued':
      return { text: queuedText(state), tone: 'busy', percent: 0 }
    case 'held':
      // People need not do anything, nor know of machines; administrators read of it under Hosts.
      return { text: 'Uploaded · waiting until the site can process it', tone: 'off', percent: 0 }
    case 'storing':
      return { text: `Storing, ${state.percent} %`, tone: 'busy', percent: state.percent }
    case 'processing':
      return { text: processingText(state), tone: 'busy', percent: Math.round(state.percent) }
    case 'ready':
      return { text: readyText(state), tone: 'ok', percent: null }
    case 'failed':
    case 'refused':
      return { text: state.reason, tone: 'bad', percent: null }
  }
}

/** Leaving the page now would lose bytes that are not on the server yet. */
export function hasUnsentBytes(state: State): boolean {
  return ['preparing', 'waiting', 'uploading', 'paused', 'offline'].includes(state.phase)
}

function percentSent({ sentBytes, totalBytes }: { sentBytes: number; totalBytes: number }): number {
  return totalBytes > 0 ? Math.floor((100 * sentBytes) / totalBytes) : 0
}

function uploadingText(state: State & { phase: 'uploading' }): string {
  const parts = [`Uploading ${percentSent(state)} %`, sizeOf(state.sentBytes, state.totalBytes)]
  if (state.secondsLeft !== null) parts.push(`${wait(state.secondsLeft)} left`)
  return parts.join(' · ')
}

function queuedText({ place }: State & { phase: 'queued' }): string {
  return place ? `Uploaded · waiting for its turn, place ${place}` : 'Uploaded · waiting for its turn'
}

function readyText({ isImproving }: State & { phase: 'ready' }): string {
  return isImproving ? 'Ready · more qualities are on their way' : 'Ready'
}

function processingText({ percent, secondsLeft }: State & { phase: 'processing' }): string {
  const left = secondsLeft === null ? '' : ` · about ${wait(secondsLeft)} left`
  return `Processing ${Math.round(percent)} %${left}`
}
