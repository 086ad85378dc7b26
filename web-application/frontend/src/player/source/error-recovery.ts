// Recovery from a stream's errors: fresh links, one new start of the decoder, or the news that it cannot go on.
import type Hls from 'hls.js'
import type { ErrorData } from 'hls.js'
import type { StreamLinks } from './stream-links'

interface Segment {
  start: number
  duration: number
}

export class ErrorRecovery {
  #hasRecovered = false
  readonly #broken: Segment[] = []

  constructor(
    private readonly script: typeof Hls,
    private readonly hls: Hls,
    private readonly links: StreamLinks,
    private readonly onFailed: () => void,
  ) {}

  async handle(error: ErrorData): Promise<void> {
    if (error.response?.code === 403 && (await this.links.renew())) {
      if (error.fatal) this.hls.startLoad()
      return
    }
    if (this.#isOfBrokenSegment(error) && error.frag) this.#broken.push(error.frag)
    if (error.fatal ? !this.#recover(error) : this.#isStuck(error)) this.onFailed()
  }

  /** Gone, or no video: asking again, which the player of streams does for long, won't help. */
  #isOfBrokenSegment({ details, response }: ErrorData): boolean {
    const { FRAG_LOAD_ERROR, FRAG_PARSING_ERROR } = this.script.ErrorDetails
    const code = response?.code ?? 0
    return details === FRAG_PARSING_ERROR || (details === FRAG_LOAD_ERROR && code >= 400 && code < 500)
  }

  #recover({ type }: ErrorData): boolean {
    if (type !== this.script.ErrorTypes.MEDIA_ERROR || this.#hasRecovered) return false
    this.#hasRecovered = true
    this.hls.recoverMediaError()
    return true
  }

  /** It waits before a broken segment; unless hls.js says so itself, two are needed: another quality failed as well. */
  #isStuck({ details }: ErrorData): boolean {
    const video = this.hls.media
    if (!video || video.readyState >= HTMLMediaElement.HAVE_FUTURE_DATA) return false
    const needed = details === this.script.ErrorDetails.BUFFER_STALLED_ERROR ? 1 : 2
    return segmentsAt(this.#broken, video.currentTime).length >= needed
  }
}

// A player stops a little before the end of what it has.
const BEFORE_SECONDS = 1

/** The segments that playing on from this second needs at once. */
export function segmentsAt(segments: readonly Segment[], seconds: number): Segment[] {
  return segments.filter(
    ({ start, duration }) => start - BEFORE_SECONDS <= seconds && seconds < start + duration,
  )
}
