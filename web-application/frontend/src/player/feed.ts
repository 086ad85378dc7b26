// Brings the video into the <video>: as a stream where there is one and the browser can, else as a file. Links that
// expire are renewed and a broken stream is replaced by a file, each at the same place and going on if it was.
import type { Source, Storyboard, Video } from '../api'
import type { Quality } from './qualities'
import { Renewal, type Links } from './renewal'
import { holdPicture } from './still'
import { openStream, streamScript, type Stream } from './stream'
import { StreamLinks } from './stream-links'

const PLAYLIST_TYPE = 'application/vnd.apple.mpegurl'

export interface FeedNews {
  /** What there is to choose from, and what is chosen of it. */
  onQualities: (qualities: Quality[], chosen: string) => void
  /** What is seen now, as `720p`; empty when there is only one. */
  onShown: (label: string) => void
  /** Nothing plays any more, whatever was tried. */
  onLost: () => void
}

export class Feed {
  #renewal: Renewal
  #files: Source[]
  #label: string | undefined
  #stream: Stream | null = null
  #isOpening = false
  #errorsInARow = 0

  constructor(
    private readonly video: HTMLVideoElement,
    private readonly record: Video,
    private quality: string,
    private readonly news: FeedNews,
  ) {
    this.#renewal = new Renewal(record.id, record)
    this.#files = filesOf(record, isNative(video))
    this.#label = this.#files[0]?.label
    // The page may stand for long before this script runs, and its <source> have failed unheard.
    const hasFailed = video.networkState === HTMLMediaElement.NETWORK_NO_SOURCE
    // In the capture phase: a <source> that fails tells only itself.
    video.addEventListener('error', () => this.#failed(), true)
    video.addEventListener('playing', () => this.#succeeded())
    video.addEventListener('play', () => this.#renewEarly())
    this.#offerFiles()
    if (this.#mayStream) void this.#open(record.hls)
    else if (record.hls || !video.querySelector('source')) void this.#load(this.#files[0])
    if (hasFailed && video.querySelector('source')) this.#failed()
  }

  choose(quality: string): void {
    this.quality = quality
    if (this.#stream) return this.#stream.choose(quality)
    this.#label = quality
    this.news.onShown(quality)
    void this.#renewFile()
  }

  /** The storyboard by a link that is good now. */
  async storyboard(): Promise<Storyboard | null> {
    const links = this.#renewal.isDue ? await this.#renewal.links() : null
    return (links ?? this.record).storyboard
  }

  /** Somebody asks to try once more: from the start of what can be tried. */
  async again(): Promise<void> {
    this.#succeeded()
    const links = this.#mayStream ? await this.#renewal.links() : null
    await (links?.hls ? this.#open(links.hls) : this.#renewFile())
    void this.video.play().catch(() => {})
  }

  get #mayStream(): boolean {
    return this.record.hls !== null && !isNative(this.video)
  }

  async #open(url: string | null): Promise<void> {
    this.#isOpening = true
    const script = await streamScript()
    this.#isOpening = false
    if (!script || !url) return this.#toFiles()
    await this.#exchange(() => {
      this.#stream = openStream(script, this.video, url, new StreamLinks(this.#renewal), this.quality, {
        onQualities: (qualities, chosen) => this.news.onQualities(qualities, chosen),
        onShown: (label) => this.news.onShown(label),
        onLoaded: () => this.#renewal.succeeded(),
        onFailed: () => this.#stream && void this.#toFiles(),
      })
    })
  }

  /** A file at the same place; its link may be dead by now, which it will tell. */
  async #toFiles(): Promise<void> {
    const [file, stream] = [this.#files[0], this.#stream]
    this.#stream = null
    this.#offerFiles()
    await this.#load(file, () => stream?.stop())
  }

  async #load(file: Source | undefined, before = () => {}): Promise<void> {
    await this.#exchange(() => {
      before()
      if (file) this.video.src = file.url
    })
  }

  #offerFiles(): void {
    const qualities = this.#files.map(({ label }) => ({ value: label, label }))
    this.news.onQualities(qualities.length > 1 ? qualities : [], this.#label ?? '')
    this.news.onShown(qualities.length > 1 ? (this.#label ?? '') : '')
  }

  #succeeded(): void {
    this.#renewal.succeeded()
    this.#errorsInARow = 0
  }

  #failed(): void {
    // While a stream is on its way, nothing else is waited for.
    if (this.#isOpening) return
    if (this.#stream) return void this.#toFiles()
    this.#errorsInARow += 1
    if (this.#errorsInARow > 1) {
      this.#label = this.#next?.label
      this.#offerFiles()
    }
    void this.#renewFile().then((isLoaded) => isLoaded || this.news.onLost())
  }

  /** What is left when the present one fails with a fresh link too. */
  get #next(): Source | undefined {
    const place = this.#files.findIndex(({ label }) => label === this.#label)
    return this.#files[place + 1] ?? this.#files[place]
  }

  /** Nothing has failed yet: what was loaded plays on when there is nothing fresh. A stream renews by itself. */
  #renewEarly(): void {
    if (!this.#stream && !this.#isOpening && this.#renewal.isDue) void this.#renewFile()
  }

  async #renewFile(): Promise<boolean> {
    const links = await this.#renewal.links()
    if (!links || this.#stream) return links !== null
    this.#files = filesOf(links, isNative(this.video))
    const file = this.#files.find(({ label }) => label === this.#label) ?? this.#files[0]
    if (!file) return false
    await this.#load(file)
    return true
  }

  /** Something else plays the same video, at the same place and going on if it was. */
  async #exchange(put: () => void): Promise<void> {
    const { video } = this
    const [seconds, wasPlaying] = [video.currentTime, !video.paused]
    video.preload = 'metadata'
    holdPicture(video)
    for (const old of video.querySelectorAll('source')) old.remove()
    put()
    if (seconds > 0) video.currentTime = seconds
    if (wasPlaying) await video.play().catch(() => {})
  }
}

function filesOf({ sources, hls }: Links, withStream: boolean): Source[] {
  if (!hls || !withStream) return sources
  return [{ url: hls, type: PLAYLIST_TYPE, width: null, height: null, label: 'Auto' }, ...sources]
}

/**
 * Whether the browser is at home with HLS, and sends it to a television, too.
 *
 * AirPlay tells WebKit. Others that say "maybe" let nobody choose the quality.
 */
function isNative(video: HTMLVideoElement): boolean {
  return 'WebKitPlaybackTargetAvailabilityEvent' in window && video.canPlayType(PLAYLIST_TYPE) !== ''
}
