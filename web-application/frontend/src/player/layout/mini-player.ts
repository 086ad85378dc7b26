// The mini player: while the viewer scrolls on, a small picture of what plays stays in a corner.

interface Surroundings {
  isWanted: () => boolean
  onClose: () => void
}

/** What there is to decide on. Pure. */
interface Sight {
  isInSight: boolean
  isPlaying: boolean
  isMini: boolean
  isClosed: boolean
}

/** It begins with what plays, and stays until the player is in sight again, or it was closed. */
export const isMiniNow = ({ isInSight, isPlaying, isMini, isClosed }: Sight): boolean =>
  !isInSight && !isClosed && (isPlaying || isMini)

export class MiniPlayer {
  /** The box that the player leaves; it keeps its height. */
  readonly #place: HTMLElement
  #isInSight = true
  #isClosed = false

  constructor(
    private readonly root: HTMLElement,
    private readonly video: HTMLVideoElement,
    private readonly surroundings: Surroundings,
  ) {
    this.#place = root.parentElement as HTMLElement
    new IntersectionObserver(([entry]) => this.#see(entry?.isIntersecting ?? true)).observe(this.#place)
    for (const event of ['play', 'pause'] as const) video.addEventListener(event, () => this.#decide())
    document.addEventListener('fullscreenchange', () => this.#decide())
  }

  get isOn(): boolean {
    return this.root.hasAttribute('data-mini')
  }

  close(): void {
    this.#isClosed = true
    this.#decide()
    this.surroundings.onClose()
  }

  /** Back to where the player stands. */
  return(): void {
    this.#place.scrollIntoView({ block: 'center' })
    this.root.focus({ preventScroll: true })
  }

  #see(isInSight: boolean): void {
    this.#isInSight = isInSight
    // Who comes back may leave again.
    if (isInSight) this.#isClosed = false
    this.#decide()
  }

  #decide(): void {
    const isMini =
      this.surroundings.isWanted() &&
      document.fullscreenElement === null &&
      isMiniNow({
        isInSight: this.#isInSight,
        isPlaying: !this.video.paused,
        isMini: this.isOn,
        isClosed: this.#isClosed,
      })
    if (isMini !== this.isOn) this.#move(isMini)
  }

  /** Unseen, for two frames: a picture that jumps through the page is a shift of its layout. */
  #move(isMini: boolean): void {
    this.root.toggleAttribute('data-moving', true)
    this.#place.style.blockSize = isMini ? `${this.#place.offsetHeight}px` : ''
    this.root.toggleAttribute('data-mini', isMini)
    requestAnimationFrame(() => requestAnimationFrame(() => this.root.toggleAttribute('data-moving', false)))
  }
}
