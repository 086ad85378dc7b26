// Renditions that a video still gets when it is ready. That may take hours, so the site is asked about them now and
// then, and only while somebody looks at the page.
import { pollVideo, type Video } from './videos'

const FIRST_DELAY_MS = 3000
const MAX_DELAY_MS = 15_000

/** Tells what the video has by now, until it has all or is gone; nothing if it has all. */
export async function followRenditions(
  { id, phase }: Video,
  onAnswer: (video: Video) => void,
  signal = new AbortController().signal,
): Promise<void> {
  if (phase !== 'improving') return
  await sleepUntilVisible(FIRST_DELAY_MS)
  await pollVideo(id, {
    isDone: (video) => video.phase !== 'improving',
    mark: ({ hls, storyboard }) => [hls === null, storyboard === null].join(' '),
    onAnswer,
    signal,
    firstDelayMs: FIRST_DELAY_MS,
    maxDelayMs: MAX_DELAY_MS,
    sleep: sleepUntilVisible,
    // Gone, or not ours to see any more: it gains nothing for this page.
  }).catch(() => null)
}

/** Resolves when somebody looks at the page, but not before that time. */
async function sleepUntilVisible(ms: number): Promise<void> {
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
