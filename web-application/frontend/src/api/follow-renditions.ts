// A video that is ready may still gain qualities. That may take hours, so it is asked about now and then, and only
// while somebody looks at the page.
import { fetchVideo, type Video } from './client'
import { waitFor } from './wait-for'

const FIRST_DELAY_MS = 3000
const MAX_DELAY_MS = 15_000

/** Tells what the video has by now, until it has all or is gone; nothing if it has all. */
export async function followGains(
  { id, phase }: Video,
  onAnswer: (video: Video) => void,
  signal = new AbortController().signal,
): Promise<void> {
  if (phase !== 'improving') return
  await lookedAfter(FIRST_DELAY_MS)
  await waitFor(() => fetchVideo(id), {
    isDone: (now) => now.phase !== 'improving',
    mark: ({ hls, storyboard }) => [hls === null, storyboard === null].join(' '),
    onAnswer,
    signal,
    firstDelayMs: FIRST_DELAY_MS,
    maxDelayMs: MAX_DELAY_MS,
    sleep: lookedAfter,
    // Gone, or not ours to see any more: it gains nothing for this page.
  }).catch(() => null)
}

/** Resolves when somebody looks at the page, but not before that time. */
async function lookedAfter(ms: number): Promise<void> {
  await new Promise((resolve) => setTimeout(resolve, ms))
  await new Promise<void>((resolve) => {
    const check = () => {
      if (document.hidden) return
      document.removeEventListener('visibilitychange', check)
      resolve()
    }
    document.addEventListener('visibilitychange', check)
    check()
  })
}
