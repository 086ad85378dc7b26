// Progress of a video that is not ready yet, as its page words it. Pure.
import type { Video } from '../api/videos'
import { wait } from '../ui/words'

type Progress = Pick<Video, 'phase' | 'progress' | 'queue_position' | 'seconds_left'>

/** One line: what is being done, how far, and how long still where that can be told. */
export function progressText({ phase, progress, queue_position, seconds_left }: Progress): string {
  if (phase === 'queued')
    return queue_position ? `Waiting for its turn, place ${queue_position}` : 'Waiting for its turn'
  if (phase === 'held') return 'Waiting until the site can process it'
  const left = seconds_left === null ? '' : ` · about ${wait(seconds_left)} left`
  if (phase === 'uploading') return `Still arriving, ${progress} %${left}`
  return `${phase === 'storing' ? 'Almost there' : 'Getting ready'}, ${progress} %${left}`
}
