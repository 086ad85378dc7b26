// Asks until `isDone`: every second while the answer moves, slower while it does not, never two at once.
import { ApiError } from './client'

export interface WaitOptions<T> {
  isDone: (answer: T) => boolean
  /** The part of an answer that shows progress: while it changes, the delay stays short. */
  mark: (answer: T) => unknown
  onAnswer?: (answer: T) => void
  /** The server could not be asked; it is asked again. */
  onSilence?: () => void
  signal?: AbortSignal
  firstDelayMs?: number
  maxDelayMs?: number
  sleep?: (ms: number) => Promise<void>
}

/** Resolves with the answer that is done, or with null when aborted. Rejects when asking again cannot help. */
export async function waitFor<T>(ask: () => Promise<T>, options: WaitOptions<T>): Promise<T | null> {
  const { firstDelayMs = 1000, maxDelayMs = 5000, sleep = pause } = options
  let delay = firstDelayMs
  let last: unknown
  while (!options.signal?.aborted) {
    const answer = await askOnce(ask, options)
    if (options.signal?.aborted) return null
    if (answer !== undefined) {
      options.onAnswer?.(answer)
      if (options.isDone(answer)) return answer
      const mark = options.mark(answer)
      delay = mark === last ? Math.min(delay * 1.5, maxDelayMs) : firstDelayMs
      last = mark
    } else {
      delay = Math.min(delay * 1.5, maxDelayMs)
    }
    await sleep(delay)
  }
  return null
}

async function askOnce<T>(ask: () => Promise<T>, options: WaitOptions<T>): Promise<T | undefined> {
  try {
    return await ask()
  } catch (error) {
    if (!(error instanceof ApiError) || !error.isPassing) throw error
    options.onSilence?.()
    return undefined
  }
}

const pause = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms))
