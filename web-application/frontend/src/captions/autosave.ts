// Saving as one types: some time after the last change, one request at a time, each naming the version it changes.
import { ApiError } from '../api/client'

export type SaveState =
  | { is: 'saved' }
  | { is: 'saving' }
  | { is: 'unsaved'; reason: string }
  /** Somebody else has changed them: nothing more is saved until `overwrite`. */
  | { is: 'conflict' }

/** Sends a file that is to take the place of the version `etag` (null: of none); resolves with its own ETag. */
export type Send = (file: string, etag: string | null) => Promise<string>

const DELAY_MS = 700
const RETRY_MS = 5000

export class Autosave {
  #etag: string | null
  #file: string | null = null
  #timer: ReturnType<typeof setTimeout> | undefined
  #isSending = false
  #isBlocked = false

  constructor(
    etag: string | null,
    private readonly send: Send,
    private readonly onState: (state: SaveState) => void,
  ) {
    this.#etag = etag
  }

  get isPending(): boolean {
    return this.#file !== null || this.#isSending
  }

  /** The file is this by now. */
  change(file: string): void {
    this.#file = file
    if (this.#isBlocked) return
    this.onState({ is: 'saving' })
    this.#wait(DELAY_MS)
  }

  /** There is something that cannot be saved: nothing is, until the next change. */
  hold(reason: string): void {
    clearTimeout(this.#timer)
    this.#file = null
    this.onState({ is: 'unsaved', reason })
  }

  /** Save over what somebody else has saved. etag: of that. */
  overwrite(etag: string | null): void {
    this.#etag = etag
    this.#isBlocked = false
    void this.#save()
  }

  #wait(ms: number): void {
    clearTimeout(this.#timer)
    this.#timer = setTimeout(() => void this.#save(), ms)
  }

  async #save(): Promise<void> {
    const file = this.#file
    if (this.#isSending || this.#isBlocked || file === null) return
    this.#isSending = true
    this.#file = null
    try {
      this.#etag = await this.send(file, this.#etag)
      this.#isSending = false
      // What was typed meanwhile has its own time.
      if (this.#file === null) this.onState({ is: 'saved' })
      else this.#wait(DELAY_MS)
    } catch (error) {
      this.#isSending = false
      this.#file ??= file
      this.#fail(error)
    }
  }

  #fail(error: unknown): void {
    if (!(error instanceof ApiError)) throw error
    this.#isBlocked = error.status === 412
    if (this.#isBlocked) return this.onState({ is: 'conflict' })
    this.onState({ is: 'unsaved', reason: error.message })
    if (error.isPassing) this.#wait(RETRY_MS)
    else this.#file = null
  }
}
