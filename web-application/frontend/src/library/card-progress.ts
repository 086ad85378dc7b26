// Progress of a video that is not ready, as its card words it. Pure; the server words it so, too.
import type { Video } from '../api/videos'
import { wait } from '../ui/words'

type Progress = Pick<Video, 'phase' | 'progress' | 'queue_position' | 'seconds_left'>

const WORDS: Partial<Record<string, string>> = { uploading: 'Uploading', storing: 'Storing' }

/** What is being done, and how far; and how long still, empty where nobody can tell. */
export function cardProgress(video: Progress): { words: string; left: string } {
  const { phase, progress, queue_position, seconds_left } = video
  if (phase === 'queued' || phase === 'held')
    return { words: queue_position ? `Waiting, place ${queue_position}` : 'Waiting', left: '' }
  return {
    words: `${WORDS[phase ?? ''] ?? 'Processing'} ${progress} %`,
    left: seconds_left === null ? '' : `About ${wait(seconds_left)} left`,
  }
}
