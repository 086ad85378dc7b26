// The file as it was sent, for its owner.
import type { PreviewSource } from '../api/videos'
import { emptyVideo, hasPicture, type Preview, unload } from './preview-video'

/** Null when this browser cannot decode it. */
export async function openOriginal({ url }: PreviewSource): Promise<Preview | null> {
  const video = emptyVideo()
  video.src = url
  return (await hasPicture(video)) ? { kind: 'original', video, stop: () => unload(video) } : null
}
