// Answers to what is typed: none while typing goes on, and never one that a later question has overtaken.
export interface LatestOptions<T> {
  ask: (text: string) => Promise<T>
  show: (answer: T) => void
  pauseMs?: number
  sleep?: (ms: number) => Promise<void>
}

/** A function for each text that is typed. It resolves when the text is answered, or overtaken. */
export function latest<T>({ ask, show, pauseMs = 120, sleep = pause }: LatestOptions<T>) {
  let last = 0
  return async (text: string): Promise<void> => {
    last += 1
    const mine = last
    await sleep(pauseMs)
    if (mine !== last) return
    // Without suggestions the field is what it is without a script.
    const answer = await ask(text).catch(() => null)
    if (answer !== null && mine === last) show(answer)
  }
}

const pause = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms))
