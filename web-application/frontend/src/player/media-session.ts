// What the system shows of a video that plays, on its lock screen and by its media keys.
import type { Video } from '../api/videos'
import type { Action } from './keys'

export function startMediaSession(
  video: HTMLVideoElement,
  { title, user, thumbnail }: Pick<Video, 'title' | 'user' | 'thumbnail'>,
  hasNext: () => boolean,
  run: (action: Action) => void,
): void {
  const session = 'mediaSession' in navigator ? navigator.mediaSession : null
  if (!session) return
  const artwork = thumbnail ? [{ src: new URL(thumbnail, location.href).href }] : []
  // Not before: another tab may be playing.
  const show = () => {
    session.metadata = new MediaMetadata({ title, artist: user, artwork })
    session.setActionHandler('seekbackward', () => run({ do: 'skip', seconds: -10 }))
    session.setActionHandler('seekforward', () => run({ do: 'skip', seconds: 10 }))
    session.setActionHandler('nexttrack', hasNext() ? () => run({ do: 'next' }) : null)
  }
  video.addEventListener('play', show)
}
