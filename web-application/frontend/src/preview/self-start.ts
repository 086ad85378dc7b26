// The preview begins by itself, as soon as who watches it need not wait before its end.
import { playByItself } from '../player/play-by-itself'
import { isSeen } from '../player/source/swap-source'
import { Growth } from './growth'
import { secondsThere } from './live-preview'

/** isWhole: the last byte has arrived. secondsLeft: until it is ready, or nobody knows. */
interface News {
  isWhole: boolean
  secondsLeft: number | null
}

export class SelfStart {
  readonly #growth = new Growth()
  #video: HTMLVideoElement | null = null
  #isWhole = false

  constructor(private readonly mayBegin: boolean) {}

  /** This is shown from now on. */
  take(video: HTMLVideoElement | null): void {
    this.#video = video
    this.#growth.forget()
    this.#beginIfGood(null)
  }

  hear({ isWhole, secondsLeft }: News): void {
    // The line has held it up so far, and from now on the encoder does.
    if (isWhole && !this.#isWhole) this.#growth.forget()
    this.#isWhole = isWhole
    if (this.#video) this.#growth.note(secondsThere(this.#video), performance.now())
    this.#beginIfGood(secondsLeft)
  }

  #beginIfGood(secondsLeft: number | null): void {
    const video = this.#video
    if (!video || !this.mayBegin || document.hidden) return
    // Somebody has begun already, or has seen a part of it before.
    if (!video.paused || isSeen(video)) this.#video = null
    else if (this.#lasts(video, secondsLeft)) {
      this.#video = null
      void playByItself(video)
    }
  }

  /** What is whole begins at once, unless the encoder has turned out to be slow. */
  #lasts(video: HTMLVideoElement, secondsLeft: number | null): boolean {
    const { isFastEnough } = this.#growth
    if (isFastEnough) return true
    if (!this.#isWhole) return false // Nobody knows yet what the line will do.
    const isKnownSlow = isFastEnough === false
    return !isKnownSlow || (secondsLeft !== null && secondsLeft <= secondsThere(video))
  }
}
