// Links to a video expire. Fresh ones take their place, unseen: before a play that would meet a dead link, and
// else when one has stopped working.
import { fetchVideo, type Video } from '../../api/videos'

const MAX_IN_A_ROW = 3

export type Links = Pick<Video, 'id' | 'sources' | 'hls' | 'storyboard' | 'links_last_seconds'>

export class LinkRenewal {
  #failures = 0
  #running: Promise<Links | null> | null = null
  #goodUntilMs = 0

  constructor(
    private readonly id: string,
    links: Links,
    private readonly fetchLinks: (id: string) => Promise<Links> = fetchVideo,
  ) {
    this.#note(links, Date.now())
  }

  /** The links have expired, as far as this machine's clock tells: one that slept has not noticed. */
  get isDue(): boolean {
    return Date.now() >= this.#goodUntilMs
  }

  /** It plays again: later failures count from zero. */
  succeeded(): void {
    this.#failures = 0
  }

  /** Fresh links, or null when there is no point in trying on. Asked twice at once, it asks once. */
  links(): Promise<Links | null> {
    this.#running ??= this.#ask().finally(() => {
      this.#running = null
    })
    return this.#running
  }

  async #ask(): Promise<Links | null> {
    this.#failures += 1
    if (this.#failures > MAX_IN_A_ROW) return null
    const askedAtMs = Date.now()
    const video = await this.fetchLinks(this.id).catch(() => null)
    if (!video?.sources.length) return null
    this.#note(video, askedAtMs)
    return video
  }

  // Their time began at the server, before the answer was here.
  #note({ links_last_seconds }: Links, fromMs: number): void {
    this.#goodUntilMs = fromMs + 1000 * links_last_seconds
  }
}
