// Tells the site that somebody watches, once, after some seconds of play. The site decides if it counts.
import { csrfToken } from '../api/page-data'
import { PlayedSeconds, viewSeconds } from './played-seconds'

export function reportView(video: HTMLVideoElement, id: string): void {
  const played = new PlayedSeconds()
  const onTime = () => {
    played.reach(video.currentTime)
    if (!(played.total >= viewSeconds(video.duration))) return
    video.removeEventListener('timeupdate', onTime)
    // It goes out although the page may close now. Nobody misses one that is lost.
    const headers = { 'X-CSRFToken': csrfToken() }
    void fetch(`/api/videos/${id}/views`, { method: 'POST', headers, keepalive: true }).catch(() => {})
  }
  video.addEventListener('timeupdate', onTime)
}
