// Progress and speed of the transfer of one file. Pure: the caller brings the clock.
import { TimeLeft } from '../../ui/time-left'

const SPEED_WINDOW_MS = 12_000
const SILENT_MS = 6000
const GAP_MS = 3000

export class TransferMeter {
  sentBytes = 0
  readonly #speed = new TimeLeft(SPEED_WINDOW_MS)
  #heardAtMs = 0

  /** Bytes begin to move, or go on. */
  start(nowMs: number): void {
    this.#heardAtMs = nowMs
    this.forgetSpeed()
  }

  add(nowMs: number, sentBytes: number): void {
    this.sentBytes = sentBytes
    // After a gap the speed before it says nothing about the rest.
    if (nowMs - this.#heardAtMs > GAP_MS) this.forgetSpeed()
    this.#heardAtMs = nowMs
    this.#speed.add(nowMs, sentBytes)
  }

  forgetSpeed(): void {
    this.#speed.reset()
  }

  /** Nothing arrives any more. */
  isSilent(nowMs: number): boolean {
    return nowMs - this.#heardAtMs >= SILENT_MS
  }

  /** Null while it cannot be told. */
  secondsLeft(totalBytes: number): number | null {
    return this.#speed.seconds(totalBytes)
  }
}
