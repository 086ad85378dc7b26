// The upload of one file, from its record to the finished video. Knows no page; tells every change of its state.
import { ApiError } from '../api/client'
import { followRenditions } from '../api/follow-renditions'
import { createUpload, fetchUpload, retryUpload, signatureExpiryMs, type Upload } from '../api/uploads'
import { changeVideo, type Details, eraseVideo, fetchVideo, pollVideo, type Video } from '../api/videos'
import { beginning, MAX_NAME_CHARACTERS, titleFromName } from './choosing/chosen-file'
import { sendFile } from './sending/send-file'
import type { Transfer } from './sending/transfer'
import { TransferMeter } from './sending/transfer-meter'
import { forget, isRemembered, remember } from './sending/upload-memory'
import type { State } from './tray/status-line'

const SIGNATURE_MARGIN_MS = 60_000

/** The queue in which an upload waits until it may send. */
interface Queue {
  enter: (upload: FileUpload) => void
  leave: (upload: FileUpload) => void
}

export class FileUpload {
  video: Video | null = null
  state: State = { phase: 'preparing' }
  readonly title: string
  #upload: Upload | null = null
  #transfer: Transfer | null = null
  #following = new AbortController()
  #meter = new TransferMeter()
  #isGone = false

  constructor(
    readonly file: File,
    private readonly queue: Queue,
    private readonly onChange: (upload: FileUpload, before: State) => void,
  ) {
    this.title = titleFromName(file.name)
  }

  /** Say no before anything was asked of the server. */
  refuse(reason: string): void {
    this.#setState({ phase: 'refused', reason })
  }

  /** Make the record, so that the link exists, then join the queue. video: try this failed one again instead. */
  async begin(details: Partial<Details>, video?: Video): Promise<void> {
    if (this.#isGone) return
    this.#setState({ phase: 'preparing' })
    const upload = await this.#request(() =>
      video
        ? this.#continueOrRetry(video)
        : createUpload({
            ...details,
            title: this.title,
            filename: beginning(this.file.name, MAX_NAME_CHARACTERS),
            size_bytes: this.file.size,
          }),
    )
    if (!upload) return
    if (this.#isGone) return void eraseVideo(upload.video.id).catch(() => {})
    this.#take(upload)
    this.queue.enter(this)
  }

  /** Its turn: called by the queue. */
  async start(): Promise<void> {
    if (this.#transfer) {
      this.#transfer.resume()
      return this.#uploading()
    }
    this.#uploading()
    if (!(await this.#renewSignature()) || !this.#upload || this.#isGone) return
    this.#transfer = sendFile(this.file, this.#upload, {
      onAssembly: (assemblyId) => this.#keepAssemblyId(assemblyId),
      onProgress: (sentBytes) => this.#progress(sentBytes),
      onSent: () => void this.#followProcessing(),
      onError: (error) => void this.#stopped(error),
    })
  }

  tellPlace(place: number): void {
    this.#setState({ phase: 'waiting', place })
  }

  pause(): void {
    this.#transfer?.pause()
    this.#setState({ phase: 'paused', ...this.#bytes() })
    this.queue.leave(this)
  }

  resume(): void {
    this.queue.enter(this)
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
    if (this.state.phase !== 'uploading' || !this.#meter.isSilent(nowMs)) return
    this.#meter.forgetSpeed()
    this.#setState({ phase: 'offline', ...this.#bytes() })
  }

  #take(upload: Upload): void {
    this.video = upload.video
    this.#upload = upload
    if (upload.bucket) remember(upload.video.id, this.file)
  }

  /** Go on where this very file was broken off on its way into the bucket; else start a new attempt. */
  async #continueOrRetry(video: Video): Promise<Upload> {
    if (isRemembered(video.id, this.file)) {
      const upload = await fetchUpload(video.id).catch(nullIfRefused)
      if (upload) return upload
    }
    return retryUpload(video.id, this.file.size)
  }

  async #renewSignature(): Promise<boolean> {
    if (!this.#upload || !this.video) return false
    const { assembly } = this.#upload
    // The parts for the bucket are signed one by one.
    if (!assembly || signatureExpiryMs(assembly.params) > Date.now() + SIGNATURE_MARGIN_MS) return true
    const { id } = this.video
    const upload = await this.#request(() => retryUpload(id, this.file.size))
    if (upload) this.#take(upload)
    return upload !== null
  }

  #uploading(): void {
    this.#meter.start(Date.now())
    this.#setState({ phase: 'uploading', ...this.#bytes(), secondsLeft: null })
  }

  #progress(sentBytes: number): void {
    if (this.state.phase !== 'uploading' && this.state.phase !== 'offline') return
    this.#meter.add(Date.now(), sentBytes)
    const secondsLeft = this.#meter.secondsLeft(this.file.size)
    this.#setState({ phase: 'uploading', ...this.#bytes(), secondsLeft })
  }

  // Our engine tells the site by itself. Where hosted Transloadit works, this saves the seconds until the site has
  // found the Assembly. So a failure here is silent.
  #keepAssemblyId(assemblyId: string): void {
    if (this.video) void changeVideo(this.video.id, { assembly_id: assemblyId }).catch(() => {})
  }

  async #followProcessing(): Promise<void> {
    if (this.video) forget(this.video.id)
    this.queue.leave(this)
    this.#setState({ phase: 'received' })
    if (!this.video) return
    const onAnswer = (video: Video) => {
      const state = workingState(video)
      if (state) this.#setState(state)
    }
    try {
      const finished = await pollVideo(this.video.id, { onAnswer, signal: this.#following.signal })
      if (finished) this.#finish(finished)
    } catch (error) {
      this.#fail(error)
    }
  }

  #finish(video: Video): void {
    this.video = video
    if (video.status === 'failed')
      return this.#setState({ phase: 'failed', reason: video.error?.message ?? 'Could not be processed' })
    const tell = ({ phase }: Video) => this.#setState({ phase: 'ready', isImproving: phase === 'improving' })
    tell(video)
    void followRenditions(video, tell, this.#following.signal)
  }

  // The engine may have judged the file while it arrived: then its reason says more than "stopped".
  async #stopped(error: Error): Promise<void> {
    this.queue.leave(this)
    this.#transfer = null
    const video = this.video && (await fetchVideo(this.video.id).catch(() => null))
    if (this.#isGone) return
    if (video?.status === 'failed') this.#finish(video)
    else this.#setState({ phase: 'failed', reason: `Upload stopped: ${reasonOf(error)}` })
  }

  async #request<T>(ask: () => Promise<T>): Promise<T | null> {
    try {
      return await ask()
    } catch (error) {
      this.#fail(error)
      return null
    }
  }

  #fail(error: unknown): void {
    this.queue.leave(this)
    const reason = error instanceof ApiError ? error.message : 'Something went wrong on this page. Try again.'
    this.#setState({ phase: 'failed', reason })
  }

  #forgetAttempt(): void {
    this.#following.abort()
    this.#following = new AbortController()
    this.#transfer?.cancel()
    this.#transfer = null
    this.#meter = new TransferMeter()
    this.queue.leave(this)
  }

  #bytes(): { sentBytes: number; totalBytes: number } {
    return { sentBytes: this.#meter.sentBytes, totalBytes: this.file.size }
  }

  #setState(state: State): void {
    if (this.#isGone) return
    const before = this.state
    this.state = state
    this.onChange(this, before)
  }
}

function workingState({ phase, progress, queue_position, seconds_left }: Video): State | null {
  if (phase === 'queued') return { phase, place: queue_position }
  if (phase === 'held') return { phase }
  if (phase === 'storing') return { phase, percent: progress }
  return phase === 'processing' ? { phase, percent: progress, secondsLeft: seconds_left } : null
}

// The site knows of no upload that could go on; anything else is an error like any other.
function nullIfRefused(error: unknown): null {
  if (error instanceof ApiError && !error.isPassing) return null
  throw error
}

// tus-js-client says much for developers; people need to know whether it was the connection or the server.
function reasonOf(error: Error): string {
  if (/network|failed to fetch|n\/a|NetworkError/i.test(error.message))
    return 'the connection was lost. Try again.'
  return 'the server did not take the file. Try again.'
}
