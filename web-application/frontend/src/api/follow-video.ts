// Each new state of a video until it is finished: by the site's events, or by asking where they do not come.
import { isFinished, pollVideo, type Video } from './videos'

/** Resolves with the finished video. Rejects when it is gone, or not ours to see any more. */
export async function followVideo(id: string, onAnswer: (video: Video) => void): Promise<Video | null> {
  return (await listen(id, onAnswer)) ?? pollVideo(id, { onAnswer })
}

/** Null when there are no events to be had: too many pages listen, or this one is not looked at. */
function listen(id: string, onAnswer: (video: Video) => void): Promise<Video | null> {
  return new Promise((resolve) => {
    // A browser opens six connections to a site: pages in the background must not hold them.
    if (document.hidden) return resolve(null)
    const events = new EventSource(`/api/videos/${id}/events`)
    const end = (video: Video | null) => {
      events.close()
      document.removeEventListener('visibilitychange', onHide)
      resolve(video)
    }
    const onHide = () => document.hidden && end(null)
    document.addEventListener('visibilitychange', onHide)
    events.onmessage = ({ data }) => {
      const video = JSON.parse(data as string) as Video
      onAnswer(video)
      if (isFinished(video)) end(video)
    }
    // While it connects anew there is nothing to do; closed means that the site said no.
    events.onerror = () => events.readyState === EventSource.CLOSED && end(null)
  })
}
