// Links to a video expire. When one stops working, a fresh one takes its place, unseen.
import { fetchVideo, type Source } from '../api'

const MAX_IN_A_ROW = 3

export class Renewal {
  #count = 0

  constructor(private readonly id: string) {}

  /** It plays again: later failures count from zero. */
  succeeded(): void {
    this.#count = 0
  }

  /** Fresh sources, or null when there is no point in trying on. */
  async sources(): Promise<Source[] | null> {
    this.#count += 1
    if (this.#count > MAX_IN_A_ROW) return null
    const video = await fetchVideo(this.id).catch(() => null)
    return video?.sources.length ? video.sources : null
  }
}
