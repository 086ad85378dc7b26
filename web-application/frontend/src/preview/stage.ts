// What stands on the page of a video that is not ready: the server's words, then the stream of what is encoded by now,
// then its owner's own file. It never steps down while it can be helped, and interrupts nobody.
import type { Video } from '../api/client'
import { goOn, type Place, placeIn } from '../player/position'
import { keptSettings, settingsOf, setUp } from '../player/preferences'
import { standsStill, whenFree, whenStill } from '../player/source/safe-moment'
import { openGrowing } from './live-preview'
import { openOriginal } from './original'
import type { Showing } from './showing'

/** What those who watch are told when they can go on to something else. */
interface Offer {
  words: string
  button: string
}

/** What waits for its moment. drop: something better came first. */
interface Next {
  go: (place: Place | null) => void
  drop: () => void
}

const ORIGINAL = { words: 'Your whole file is here.', button: 'Watch it as you sent it' }
// Page, site and engine do not learn of a thing at the same moment: a stream that is gone may mean that the video is
// ready, and may be named for a while yet.
const PATIENCE_MS = 5000

export class EarlyStage {
  readonly #words: ChildNode[]
  #shown: Showing | null = null
  #next: Next | null = null
  /** Where watching broke off, while nothing is shown. */
  #place: Place | null = null
  #isOriginalTried = false
  #isGrowingTried = false
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
      void openOriginal(original).then((showing) => showing && this.#takeOriginal(showing))
    }
    if (growing && !this.#isGrowingTried && !this.#shown && templateOf('growing')) {
      this.#isGrowingTried = true
      void openGrowing(growing).then((showing) => this.#takeGrowing(showing))
    }
  }

  /** Go on to what is there instead. Who has watched nothing has no place. */
  leave(offer: Offer, onLeft: (place: Place | null) => void): void {
    this.#isOver = true
    const go = (place: Place | null) => {
      onLeft(place)
      this.#shown?.stop()
    }
    this.#goOnTo({ go, drop: () => {} }, offer)
  }

  #takeOriginal(original: Showing): void {
    if (this.#isOver) return original.stop()
    const go = (place: Place | null) => this.#put(original, place)
    this.#goOnTo({ go, drop: () => original.stop() }, ORIGINAL)
  }

  #takeGrowing(growing: Showing | null): void {
    if (!growing) this.#tryAgainLater()
    else if (this.#isOver || this.#shown) growing.stop()
    else this.#put(growing, this.#place)
  }

  /** At once from what stands still, else as soon as it does or somebody asks for it. */
  #goOnTo(next: Next, offer: Offer): void {
    this.#next?.drop()
    this.#next = next
    const video = this.#shown?.video
    if (!video) return this.#go(this.#place)
    if (!standsStill(video)) this.#tell(offer, () => this.#go(placeIn(video)))
    whenFree(video, () => this.#next === next && this.#go(placeIn(video)))
  }

  #go(place: Place | null): void {
    const next = this.#next
    this.#next = null
    next?.go(place)
  }

  #tell({ words, button }: Offer, onAsked: () => void): void {
    this.#part('progress').hidden = this.#isOver
    this.#part('offer').hidden = false
    this.#part('offer-words').textContent = words
    const ask = this.#part('ask')
    ask.textContent = button
    ask.onclick = onAsked
  }

  #put(showing: Showing, place: Place | null): void {
    const { kind, video } = showing
    const before = this.#shown
    this.#shown = showing
    this.stage.replaceChildren(templateOf(kind)?.content.cloneNode(true) ?? '')
    this.stage.querySelector('section')?.prepend(video)
    setUp(video, place ? settingsOf(place.video) : keptSettings())
    if (place) goOn(video, place)
    before?.stop()
    const retreat = () => whenStill(video, () => this.#retreat(showing))
    video.addEventListener('error', () => setTimeout(retreat, PATIENCE_MS), { once: true })
    this.onChange()
  }

  /** What could be watched is gone. Back to words, quietly, if there is nothing to go on to. */
  #retreat(showing: Showing): void {
    if (this.#shown !== showing) return
    const place = placeIn(showing.video)
    if (this.#next) return this.#go(place)
    this.#place = place && { ...place, isPlaying: false }
    this.#shown = null
    showing.stop()
    this.stage.replaceChildren(...this.#words)
    this.#tryAgainLater()
    this.onChange()
  }

  #tryAgainLater(): void {
    setTimeout(() => {
      this.#isGrowingTried = false
    }, PATIENCE_MS)
  }

  #part(role: string): HTMLElement {
    return this.stage.querySelector(`[data-role="${role}"]`) as HTMLElement
  }
}

function templateOf(kind: Showing['kind']): HTMLTemplateElement | null {
  return document.querySelector(`#${kind}-template`)
}
