// The file as it was sent, for its owner.
import type { Early } from '../api/client'
import { emptyVideo, showsPicture, unload } from './preview-video'
import type { Showing } from './showing'

/** Null when this browser cannot decode it. */
export async function openOriginal({ url }: Early): Promise<Showing | null> {
  const video = emptyVideo()
  video.src = url
  return (await showsPicture(video)) ? { kind: 'original', video, stop: () => unload(video) } : null
}
