// One file on its whole way: record, bytes, processing, ready. Knows no page; tells every change of its state.
import {
  ApiError,
  changeVideo,
  createUpload,
  type Details,
  eraseVideo,
  fetchUpload,
  fetchVideo,
  isFinished,
  retryUpload,
  type Upload,
  type Video,
} from '../api/client'
import { followGains } from '../api/follow-renditions'
import { waitFor } from '../api/wait-for'
import { TimeLeft } from '../ui/time-left'
import { sendFile } from './send-file'
import { signedUntil } from './signed-until'
import type { State } from './status-line'
import { titleFromName } from './title'
import type { Sending } from './transfer'
import { forget, isRemembered, remember } from './upload-memory'

const SPEED_WINDOW_MS = 12_000
const SILENT_MS = 6000
const GAP_MS = 3000
const SIGNATURE_MARGIN_MS = 60_000

export interface Line {
  enter: (upload: FileUpload) => void
  leave: (upload: FileUpload) => void
}

export class FileUpload {
  video: Video | null = null
  state: State = { phase: 'preparing' }
  readonly title: string
  #upload: Upload | null = null
  #sending: Sending | null = null
  #watching = new AbortController()
  readonly #speed = new TimeLeft(SPEED_WINDOW_MS)
  #sentBytes = 0
  #heardAtMs = 0
  #isGone = false

  constructor(
    readonly file: File,
    private readonly line: Line,
    private readonly onChange: (upload: FileUpload, before: State) => void,
  ) {
    this.title = titleFromName(file.name)
  }

  /** Say no before anything was asked of the server. */
  refuse(reason: string): void {
    this.#become({ phase: 'refused', reason })
  }

  /** Make the record, so that the link exists, then stand in line. video: try this failed one again instead. */
  async begin(details: Partial<Details>, video?: Video): Promise<void> {
    if (this.#isGone) return
    this.#become({ phase: 'preparing' })
    const made = await this.#ask(() =>
      video
        ? this.#again(video)
        : createUpload({
            ...details,
            title: this.title,
            filename: this.file.name,
            size_bytes: this.file.size,
          }),
    )
    if (!made) return
    if (this.#isGone) return void eraseVideo(made.video.id).catch(() => {})
    this.#take(made)
    this.line.enter(this)
  }

  /** Its turn: called by the line. */
  async start(): Promise<void> {
    if (this.#sending) {
      this.#sending.resume()
      return this.#uploading()
    }
    this.#uploading()
    if (!(await this.#renewSignature()) || !this.#upload || this.#isGone) return
    this.#sending = sendFile(this.file, this.#upload, {
      onAssembly: (assemblyId) => this.#keepAssemblyId(assemblyId),
      onProgress: (sentBytes) => this.#progress(sentBytes),
      onSent: () => void this.#watch(),
      onError: (error) => void this.#stopped(error),
    })
  }

  tellPlace(place: number): void {
    this.#become({ phase: 'waiting', place })
  }

  pause(): void {
    this.#sending?.pause()
    this.#become({ phase: 'paused', ...this.#bytes() })
    this.line.leave(this)
  }

  resume(): void {
    this.line.enter(this)
  }

  /** A new attempt of the same record with the same file. */
  async retry(): Promise<void> {
    this.#forgetAttempt()
    if (this.video) await this.begin({}, this.video)
    else await this.begin({})
  }

  /** Stop, and leave nothing behind: neither bytes nor record. */
  async cancel(): Promise<void> {
    this.#isGone = true
    this.#forgetAttempt()
    if (this.video) await eraseVideo(this.video.id)
  }

  /** Called now and then: notices when nothing arrives any more. */
  tick(nowMs: number): void {
    if (this.state.phase !== 'uploading' || nowMs - this.#heardAtMs < SILENT_MS) return
    this.#speed.reset()
    this.#become({ phase: 'offline', ...this.#bytes() })
  }

  #take(upload: Upload): void {
    this.video = upload.video
    this.#upload = upload
    if (upload.bucket) remember(upload.video.id, this.file)
  }

  /** Go on where this very file was broken off on its way into the bucket; else start a new attempt. */
  async #again(video: Video): Promise<Upload> {
    if (isRemembered(video.id, this.file)) {
      const begun = await fetchUpload(video.id).catch(refused)
      if (begun) return begun
    }
    return retryUpload(video.id)
  }

  async #renewSignature(): Promise<boolean> {
    if (!this.#upload || !this.video) return false
    const { assembly } = this.#upload
    // The parts for the bucket are signed one by one.
    if (!assembly || signedUntil(assembly.params) > Date.now() + SIGNATURE_MARGIN_MS) return true
    const { id } = this.video
    const made = await this.#ask(() => retryUpload(id))
    if (made) this.#take(made)
    return made !== null
  }

  #uploading(): void {
    this.#heardAtMs = Date.now()
    this.#speed.reset()
    this.#become({ phase: 'uploading', ...this.#bytes(), secondsLeft: null })
  }

  #progress(sentBytes: number): void {
    if (this.state.phase !== 'uploading' && this.state.phase !== 'offline') return
    this.#sentBytes = sentBytes
    // After a gap the speed before it says nothing about the rest.
    if (Date.now() - this.#heardAtMs > GAP_MS) this.#speed.reset()
    this.#heardAtMs = Date.now()
    this.#speed.add(this.#heardAtMs, sentBytes)
    this.#become({ phase: 'uploading', ...this.#bytes(), secondsLeft: this.#speed.seconds(this.file.size) })
  }

  // Without it the site still learns of the Assembly by the signed notification, so a failure here is silent.
  #keepAssemblyId(assemblyId: string): void {
    if (this.video) void changeVideo(this.video.id, { assembly_id: assemblyId }).catch(() => {})
  }

  async #watch(): Promise<void> {
    if (this.video) forget(this.video.id)
    this.line.leave(this)
    this.#become({ phase: 'received' })
    await this.#follow((video) => {
      const state = workingState(video)
      if (state) this.#become(state)
    })
  }

  /** Ask the site how the video does, until it is finished. */
  async #follow(onAnswer: (video: Video) => void): Promise<void> {
    const { id } = this.video ?? {}
    if (!id) return
    try {
      const video = await waitFor(() => fetchVideo(id), {
        isDone: isFinished,
        mark: ({ status, phase, progress, queue_position }) =>
          [status, phase, progress, queue_position].join(' '),
        onAnswer,
        signal: this.#watching.signal,
      })
      if (video) this.#finish(video)
    } catch (error) {
      this.#fail(error)
    }
  }

  #finish(video: Video): void {
    this.video = video
    if (video.status === 'failed')
      return this.#become({ phase: 'failed', reason: video.error?.message ?? 'Could not be processed' })
    const tell = ({ phase }: Video) => this.#become({ phase: 'ready', isImproving: phase === 'improving' })
    tell(video)
    void followGains(video, tell, this.#watching.signal)
  }

  // The engine may have judged the file while it arrived: then its reason says more than "stopped".
  async #stopped(error: Error): Promise<void> {
    this.line.leave(this)
    this.#sending = null
    const video = this.video && (await fetchVideo(this.video.id).catch(() => null))
    if (this.#isGone) return
    if (video?.status === 'failed') this.#finish(video)
    else this.#become({ phase: 'failed', reason: `Upload stopped: ${reasonOf(error)}` })
  }

  async #ask<T>(question: () => Promise<T>): Promise<T | null> {
    try {
      return await question()
    } catch (error) {
      this.#fail(error)
      return null
    }
  }

  #fail(error: unknown): void {
    this.line.leave(this)
    const reason = error instanceof ApiError ? error.message : 'Something went wrong on this page. Try again.'
    this.#become({ phase: 'failed', reason })
  }

  #forgetAttempt(): void {
    this.#watching.abort()
    this.#watching = new AbortController()
    this.#sending?.cancel()
    this.#sending = null
    this.#sentBytes = 0
    this.line.leave(this)
  }

  #bytes(): { sentBytes: number; totalBytes: number } {
    return { sentBytes: this.#sentBytes, totalBytes: this.file.size }
  }

  #become(state: State): void {
    if (this.#isGone) return
    const before = this.state
    this.state = state
    this.onChange(this, before)
  }
}

function workingState({ phase, progress, queue_position, seconds_left }: Video): State | null {
  if (phase === 'queued') return { phase, place: queue_position }
  if (phase === 'storing') return { phase, percent: progress }
  return phase === 'processing' ? { phase, percent: progress, secondsLeft: seconds_left } : null
}

// The site knows of no upload that could go on; anything else is an error like any other.
function refused(error: unknown): null {
  if (error instanceof ApiError && !error.isPassing) return null
  throw error
}

// tus-js-client says much for developers; people need to know whether it was the line or the server.
function reasonOf(error: Error): string {
  if (/network|failed to fetch|n\/a|NetworkError/i.test(error.message))
    return 'the connection was lost. Try again.'
  return 'the server did not take the file. Try again.'
}
