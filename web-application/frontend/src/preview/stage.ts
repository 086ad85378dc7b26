// The stage on the page of a video that is not ready: the server's words, then the live preview, then the original for
// its owner. It never steps down while it can be helped, and interrupts nobody.
import type { Video } from '../api/videos'
import { type Position, positionIn, resumeAt } from '../player/position'
import { applySoundAndSpeed, soundAndSpeedOf, storedPreferences } from '../player/preferences'
import { isStopped, whenSafe, whenStopped } from '../player/source/safe-moment'
import { openLivePreview } from './live-preview'
import { openOriginal } from './original'
import type { Preview } from './preview-video'

/** Words for a viewer who can go on to something else. */
interface Offer {
  words: string
  button: string
}

/** The next to take the stage, at a safe moment. drop: something better came first. */
interface Successor {
  takeOver: (position: Position | null) => void
  drop: () => void
}

const ORIGINAL = { words: 'Your whole file is here.', button: 'Watch it as you sent it' }
// Page, site and engine do not learn of a thing at the same moment: a stream that is gone may mean that the video is
// ready, and may be named for a while yet.
const GRACE_MS = 5000

export class PreviewStage {
  readonly #words: ChildNode[]
  #shown: Preview | null = null
  #successor: Successor | null = null
  /** The position at which watching broke off, while nothing is shown. */
  #position: Position | null = null
  #isOriginalTried = false
  #isLivePreviewTried = false
  #isOver = false

  constructor(
    private readonly stage: HTMLElement,
    private readonly onChange: () => void,
  ) {
    this.#words = [...stage.childNodes]
  }

  /** Show the best of these that this browser can play. */
  offer({ original, growing }: Pick<Video, 'original' | 'growing'>): void {
    if (original && !this.#isOriginalTried && templateOf('original')) {
      this.#isOriginalTried = true
      void openOriginal(original).then((preview) => preview && this.#takeOriginal(preview))
    }
    if (growing && !this.#isLivePreviewTried && !this.#shown && templateOf('live-preview')) {
      this.#isLivePreviewTried = true
      void openLivePreview(growing).then((preview) => this.#takeLivePreview(preview))
    }
  }

  /** Go on to what is there instead. Who has watched nothing has no position. */
  leave(offer: Offer, onLeft: (position: Position | null) => void): void {
    this.#isOver = true
    const takeOver = (position: Position | null) => {
      onLeft(position)
      this.#shown?.stop()
    }
    this.#goOnTo({ takeOver, drop: () => {} }, offer)
  }

  #takeOriginal(original: Preview): void {
    if (this.#isOver) return original.stop()
    const takeOver = (position: Position | null) => this.#show(original, position)
    this.#goOnTo({ takeOver, drop: () => original.stop() }, ORIGINAL)
  }

  #takeLivePreview(preview: Preview | null): void {
    if (!preview) this.#tryAgainLater()
    else if (this.#isOver || this.#shown) preview.stop()
    else this.#show(preview, this.#position)
  }

  /** At once if nothing moves, else as soon as it stops or somebody asks for it. */
  #goOnTo(successor: Successor, offer: Offer): void {
    this.#successor?.drop()
    this.#successor = successor
    const video = this.#shown?.video
    if (!video) return this.#handOver(this.#position)
    if (!isStopped(video)) this.#tell(offer, () => this.#handOver(positionIn(video)))
    whenSafe(video, () => this.#successor === successor && this.#handOver(positionIn(video)))
  }

  #handOver(position: Position | null): void {
    const successor = this.#successor
    this.#successor = null
    successor?.takeOver(position)
  }

  #tell({ words, button }: Offer, onAsked: () => void): void {
    this.#part('progress').hidden = this.#isOver
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
    this.stage.querySelector('section')?.prepend(video)
    applySoundAndSpeed(video, position ? soundAndSpeedOf(position.video) : storedPreferences())
    if (position) resumeAt(video, position)
    last?.stop()
    const retreat = () => whenStopped(video, () => this.#retreat(preview))
    video.addEventListener('error', () => setTimeout(retreat, GRACE_MS), { once: true })
    this.onChange()
  }

  /** The preview is gone. Back to words, quietly, if there is nothing to go on to. */
  #retreat(preview: Preview): void {
    if (this.#shown !== preview) return
    const position = positionIn(preview.video)
    if (this.#successor) return this.#handOver(position)
    this.#position = position && { ...position, isPlaying: false }
    this.#shown = null
    preview.stop()
    this.stage.replaceChildren(...this.#words)
    this.#tryAgainLater()
    this.onChange()
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

function templateOf(kind: Preview['kind']): HTMLTemplateElement | null {
  return document.querySelector(`#${kind}-template`)
}
