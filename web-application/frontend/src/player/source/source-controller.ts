// The source of the <video>: a stream where there is one and the browser can, else a file. Links that expire are
// renewed, a broken stream is replaced by a file, and a file by the stream that the video has got meanwhile.
import type { Source, Storyboard } from '../../api/videos'
import { isNative, loadHls, PLAYLIST_TYPE } from './hls'
import { LinkRenewal, type Links } from './link-renewal'
import { labelOf, type Quality, valueOfLevel } from './qualities'
import { unlessEnded, whenSafe } from './safe-moment'
import { openStream, type Stream } from './stream'
import { StreamLinks } from './stream-links'
import { swapSource } from './swap-source'

interface SourceNews {
  /** The choices, and the chosen one. */
  onQualities: (qualities: Quality[], chosen: string) => void
  /** The quality that is seen now, as `720p`; empty when there is only one. */
  onShown: (label: string) => void
  /** Nothing plays any more, whatever was tried. */
  onLost: () => void
}

export class SourceController {
  readonly #renewal: LinkRenewal
  #files: Source[]
  #label: string | undefined
  #stream: Stream | null = null
  /** Came later than the file that plays, and waits for its moment. */
  #nextStream: Stream | null = null
  #isOpening = false
  #errorsInARow = 0

  constructor(
    private readonly video: HTMLVideoElement,
    private links: Links,
    private quality: string,
    private readonly news: SourceNews,
  ) {
    this.#renewal = new LinkRenewal(links.id, links)
    this.#files = filesOf(links, isNative(video))
    this.#label = this.#files[0]?.label
    // The page may stand for long before this script runs, and its <source> have failed unheard.
    const hasFailed = video.networkState === HTMLMediaElement.NETWORK_NO_SOURCE
    // In the capture phase: a <source> that fails tells only itself.
    video.addEventListener('error', () => this.#failed(), true)
    video.addEventListener('playing', () => this.#succeeded())
    video.addEventListener('play', () => this.#renewEarly())
    this.#offerFiles()
    if (this.#mayStream) void this.#open(links.hls)
    else if (links.hls || !video.querySelector('source')) void this.#load(this.#files[0])
    if (hasFailed && video.querySelector('source')) this.#failed()
  }

  choose(quality: string): void {
    this.quality = quality
    const stream = this.#stream ?? this.#nextStream
    if (stream) {
      stream.choose(quality)
      return this.#takeOver()
    }
    this.#label = quality
    this.news.onShown(quality)
    void this.#renewFile()
  }

  /** There is more to the video by now: a stream can be chosen at once, and takes over where it disturbs nobody. */
  update(links: Links): void {
    const isStreamNew = this.links.hls === null && links.hls !== null
    this.links = links
    if (!isStreamNew) return
    if (this.#mayStream) void this.#prepare(links.hls)
    else this.#takeStreamAsFile()
  }

  /** The storyboard by a link that is good now. */
  async storyboard(): Promise<Storyboard | null> {
    const links = this.#renewal.isDue ? await this.#renewal.links() : null
    return (links ?? this.links).storyboard
  }

  /** Somebody asks to try once more: from the start of what can be tried. */
  async again(): Promise<void> {
    this.#succeeded()
    const links = this.#mayStream ? await this.#renewal.links() : null
    await (links?.hls ? this.#open(links.hls) : this.#renewFile())
    void this.video.play().catch(() => {})
  }

  get #mayStream(): boolean {
    return this.links.hls !== null && !isNative(this.video)
  }

  async #open(url: string | null): Promise<void> {
    this.#isOpening = true
    const stream = await this.#streamOf(url)
    this.#isOpening = false
    await (stream ? this.#start(stream) : this.#toFiles())
  }

  async #prepare(url: string | null): Promise<void> {
    this.#nextStream = await this.#streamOf(url)
  }

  async #streamOf(url: string | null): Promise<Stream | null> {
    const Script = await loadHls()
    if (!Script || !url) return null
    const stream: Stream = openStream(Script, this.video, url, new StreamLinks(this.#renewal), this.quality, {
      onQualities: (qualities, chosen) =>
        stream === this.#nextStream ? this.#announce(qualities) : this.news.onQualities(qualities, chosen),
      onShown: (label) => this.news.onShown(label),
      onLoaded: () => this.#renewal.succeeded(),
      onFailed: () => this.#lost(stream),
    })
    return stream
  }

  /** The file is still seen, in its own size. */
  #announce(qualities: Quality[]): void {
    const { videoWidth: width, videoHeight: height } = this.video
    const level = { width, height, bitrate: 0 }
    this.news.onQualities(qualities, valueOfLevel(level))
    this.news.onShown(labelOf(level))
    whenSafe(this.video, () => this.#takeOver())
  }

  #takeOver(): void {
    unlessEnded(this.video, () => {
      const stream = this.#nextStream
      this.#nextStream = null
      if (stream) void this.#start(stream)
    })
  }

  #start(stream: Stream): Promise<void> {
    return swapSource(this.video, () => {
      this.#stream = stream
      stream.start()
    })
  }

  #lost(stream: Stream): void {
    if (stream === this.#stream) return void this.#toFiles()
    if (stream !== this.#nextStream) return
    this.#nextStream = null
    stream.stop()
    this.#offerFiles()
  }

  /** To a browser that plays HLS by itself, a stream is one more file. */
  #takeStreamAsFile(): void {
    this.#files = filesOf(this.links, true)
    this.#offerFiles()
    const label = this.#label
    const take = () => {
      if (this.#label !== label) return
      this.#label = this.#files[0]?.label
      this.#offerFiles()
      void this.#load(this.#files[0])
    }
    whenSafe(this.video, () => unlessEnded(this.video, take))
  }

  /** A file at the same position; its link may be dead by now, which it will tell. */
  async #toFiles(): Promise<void> {
    const [file, stream] = [this.#files[0], this.#stream]
    this.#stream = null
    this.#offerFiles()
    await this.#load(file, () => stream?.stop())
  }

  async #load(file: Source | undefined, before = () => {}): Promise<void> {
    await swapSource(this.video, () => {
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
    if (this.#nextStream) return this.#takeOver()
    this.#errorsInARow += 1
    if (this.#errorsInARow > 1) {
      this.#label = this.#fallback?.label
      this.#offerFiles()
    }
    void this.#renewFile().then((isLoaded) => isLoaded || this.news.onLost())
  }

  /** The file to try when the present one fails with a fresh link too. */
  get #fallback(): Source | undefined {
    const index = this.#files.findIndex(({ label }) => label === this.#label)
    return this.#files[index + 1] ?? this.#files[index]
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
}

function filesOf({ sources, hls }: Links, withStream: boolean): Source[] {
  if (!hls || !withStream) return sources
  return [{ url: hls, type: PLAYLIST_TYPE, width: null, height: null, label: 'Auto' }, ...sources]
}
