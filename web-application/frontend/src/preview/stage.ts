// The stage on the page of a video that is not ready: the server's words, then the live preview, then the original for
// its owner. It begins by itself, never steps down while it can be helped, and interrupts nobody.
import type { Video } from '../api/videos'
import { takeShape } from '../player/layout/shape'
import { inheritSilence } from '../player/play-by-itself'
import { type Position, positionIn, resumeAt } from '../player/position'
import { applySoundAndSpeed, soundAndSpeedOf, storedPreferences } from '../player/preferences'
import { isStopped, unlessEnded, whenSafe, whenStopped } from '../player/source/safe-moment'
import { comeInStep } from './in-step'
import { LiveAddress } from './live-address'
import { openLivePreview } from './live-preview'
import { openOriginal } from './original'
import type { Preview } from './preview-video'
import { SelfStart } from './self-start'

/** Words for a viewer who can go on to something else. */
interface Offer {
  words: string
  button: string
}

/** The next to take the stage, at a safe moment. drop: something better came first. */
interface Successor {
  takeOver: (position: Position | null) => void
  drop: () => void
  /** Its <video>, out of sight; null where it cannot join what plays. */
  joiner?: (() => HTMLVideoElement | null) | undefined
}

/** What stays when there is no preview any more. */
export interface Successors {
  /** Who has watched nothing has no position. One in the video of `joiner` plays already. */
  onLeft: (position: Position | null) => void
  joiner?: () => HTMLVideoElement | null
}

interface Surroundings {
  onChange: () => void
  /** The live preview's address as the site tells it now. */
  askForAddress: () => Promise<string | null>
  /** On a page of this site. What is embedded elsewhere waits until somebody plays it. */
  mayBegin: boolean
}

const ORIGINAL = { words: 'Your whole file is here.', button: 'Watch it as you sent it' }
// Page, site and engine do not learn of a thing at the same moment: a stream that is gone may mean that the video is
// ready, and may be named for a while yet.
const GRACE_MS = 5000

type Offered = Pick<Video, 'original' | 'growing' | 'status' | 'seconds_left'>

export class PreviewStage {
  readonly #words: ChildNode[]
  #shown: Preview | null = null
  #successor: Successor | null = null
  /** The position at which watching broke off, while nothing is shown. */
  #position: Position | null = null
  #isOriginalTried = false
  #isLivePreviewTried = false
  #isLeft = false
  #address: LiveAddress | null = null
  readonly #selfStart: SelfStart

  constructor(
    private readonly stage: HTMLElement,
    private readonly page: Surroundings,
  ) {
    this.#words = [...stage.childNodes]
    this.#selfStart = new SelfStart(page.mayBegin)
  }

  /** Nothing has been shown yet but words. */
  get isUntouched(): boolean {
    return this.#shown === null && this.#position === null
  }

  /** Show the best of these that this browser can play, and begin it when it can be watched to the end. */
  offer({ original, growing, status, seconds_left }: Offered): void {
    if (original && !this.#isOriginalTried && templateOf('original')) {
      this.#isOriginalTried = true
      void openOriginal(original).then((preview) => preview && this.#takeOriginal(preview))
    }
    if (growing && !this.#isLivePreviewTried && !this.#shown && templateOf('live-preview')) {
      this.#isLivePreviewTried = true
      this.#address = new LiveAddress(growing.url, this.page.askForAddress)
      void openLivePreview(this.#address).then((preview) => this.#takeLivePreview(preview))
    }
    if (growing && this.#address) this.#address.url = growing.url
    this.#selfStart.hear({ isWhole: status !== 'uploading', secondsLeft: seconds_left })
  }

  /** Go on to what is there instead. */
  leave(offer: Offer, { onLeft, joiner }: Successors): void {
    this.#isLeft = true
    const takeOver = (position: Position | null) => {
      onLeft(position)
      this.#shown?.stop()
    }
    this.#goOnTo({ takeOver, drop: () => {}, joiner }, offer)
  }

  #takeOriginal(original: Preview): void {
    if (this.#isLeft) return original.stop()
    const takeOver = (position: Position | null) => this.#show(original, position)
    this.#goOnTo({ takeOver, drop: () => original.stop() }, ORIGINAL)
  }

  #takeLivePreview(preview: Preview | null): void {
    if (!preview) this.#tryAgainLater()
    else if (this.#isLeft || this.#shown) preview.stop()
    else this.#show(preview, this.#position)
  }

  /** At once if nothing moves, else as soon as it stops, or the next has joined in, or somebody asks for it. */
  #goOnTo(successor: Successor, offer: Offer): void {
    this.#successor?.drop()
    this.#successor = successor
    const shown = this.#shown
    if (!shown) return this.#handOver(this.#position)
    const { video } = shown
    const joiner = mayBeJoined(shown) ? successor.joiner?.() : null
    if (joiner)
      void this.#join(video, joiner, successor).then(
        (hasJoined) => hasJoined || this.#offer(successor, offer),
      )
    else if (!isStopped(video) || isWatchedToEnd(shown)) this.#offer(successor, offer)
    const handOver = () => this.#successor === successor && this.#handOver(positionIn(video))
    // The last picture stays: nobody has asked for the first one.
    whenSafe(video, () => (isWatchedToEnd(shown) ? unlessEnded(video, handOver) : handOver()))
  }

  /** Unseen, while it plays on. */
  async #join(video: HTMLVideoElement, next: HTMLVideoElement, successor: Successor): Promise<boolean> {
    if (!(await comeInStep(video, next))) return false
    if (this.#successor !== successor || isEnlarged(video)) {
      next.pause()
      return false
    }
    takeSound(video, next)
    this.#handOver({ seconds: next.currentTime, isPlaying: true, video: next })
    return true
  }

  #offer(successor: Successor, offer: Offer): void {
    const video = this.#shown?.video
    if (video && this.#successor === successor) this.#tell(offer, () => this.#handOver(positionIn(video)))
  }

  #handOver(position: Position | null): void {
    const successor = this.#successor
    this.#successor = null
    successor?.takeOver(position)
  }

  #tell({ words, button }: Offer, onAsked: () => void): void {
    this.#part('progress').hidden = this.#isLeft
    this.#part('offer').hidden = false
    this.#part('offer-words').textContent = words
    const ask = this.#part('ask')
    ask.textContent = button
    ask.onclick = onAsked
  }

  #show(preview: Preview, position: Position | null): void {
    const { kind, video } = preview
    const last = this.#shown
    this.#shown = preview
    this.stage.replaceChildren(templateOf(kind)?.content.cloneNode(true) ?? '')
    const section = this.stage.querySelector('section')
    section?.prepend(video)
    if (section) takeShape(section, video.videoWidth, video.videoHeight)
    if (position) inheritSilence(video, position.video)
    applySoundAndSpeed(video, position ? soundAndSpeedOf(position.video) : storedPreferences())
    if (position) resumeAt(video, position)
    this.#selfStart.take(video)
    last?.stop()
    const retreat = () => whenStopped(video, () => this.#retreat(preview))
    video.addEventListener('error', () => setTimeout(retreat, GRACE_MS), { once: true })
    this.page.onChange()
  }

  /** The preview is gone. Back to words, quietly, if there is nothing to go on to. */
  #retreat(preview: Preview): void {
    if (this.#shown !== preview) return
    const position = positionIn(preview.video)
    if (this.#successor) return this.#handOver(position)
    this.#position = position && { ...position, isPlaying: false }
    this.#shown = null
    this.#selfStart.take(null)
    preview.stop()
    this.stage.replaceChildren(...this.#words)
    this.#tryAgainLater()
    this.page.onChange()
  }

  #tryAgainLater(): void {
    setTimeout(() => {
      this.#isLivePreviewTried = false
    }, GRACE_MS)
  }

  #part(role: string): HTMLElement {
    return this.stage.querySelector(`[data-role="${role}"]`) as HTMLElement
  }
}

/** A live preview that has been watched to its end. */
const isWatchedToEnd = ({ kind, video }: Preview): boolean => kind === 'live-preview' && video.ended

/** It plays what the finished video plays, too, and nothing would end that the change of the element ends. */
const mayBeJoined = ({ kind, video }: Preview): boolean =>
  kind === 'live-preview' && !isStopped(video) && !isEnlarged(video)

/** Full screen or picture in picture, which a change of the element would end. */
const isEnlarged = (video: HTMLVideoElement): boolean =>
  document.fullscreenElement === video || document.pictureInPictureElement === video

/** `next` is heard from now on, and `current` no longer. */
function takeSound(current: HTMLVideoElement, next: HTMLVideoElement): void {
  inheritSilence(next, current)
  applySoundAndSpeed(next, soundAndSpeedOf(current))
  current.muted = true
}

function templateOf(kind: Preview['kind']): HTMLTemplateElement | null {
  return document.querySelector(`#${kind}-template`)
}
