// The file as it was sent, for its owner to watch until the video is ready.
import type { Original } from './api'

export class OriginalPlayer {
  #video: HTMLVideoElement | null = null
  #isTried = false
  #isOver = false

  constructor(
    private readonly stage: HTMLElement,
    private readonly template: HTMLTemplateElement | null,
  ) {}

  /** Show it as soon as it is there, if this browser can decode it; asked once. */
  async offer(original: Original | null, onShown: () => void): Promise<void> {
    if (!original || !this.template || this.#isTried) return
    this.#isTried = true
    const video = await playable(original.url)
    if (!video || this.#isOver) return
    this.#video = video
    this.stage.replaceChildren(this.template.content.cloneNode(true))
    this.#part('section').append(video)
    onShown()
  }

  /** Go on to what is offered instead: at once, or when the owner pauses, comes to the end or asks for it. */
  leave(outcome: { words: string; button: string }, onLeft: (seconds: number) => void): void {
    this.#isOver = true
    const video = this.#video
    if (!video || video.paused) return onLeft(video?.currentTime ?? 0)
    const left = () => {
      video.removeEventListener('pause', left)
      onLeft(video.ended ? 0 : video.currentTime)
    }
    this.#part('[data-role="progress"]').hidden = true
    this.#part('[data-role="outcome"]').textContent = outcome.words
    this.#part('[data-role="go"]').textContent = outcome.button
    this.#part('[data-role="finished"]').hidden = false
    // A browser pauses at the end, too.
    video.addEventListener('pause', left)
    this.#part('[data-role="go"]').addEventListener('click', () => video.pause())
  }

  #part(selector: string): HTMLElement {
    return this.stage.querySelector(selector) as HTMLElement
  }
}

// canPlayType refuses much that plays, and a browser without HEVC "plays" it as sound: only a picture tells.
function playable(url: string): Promise<HTMLVideoElement | null> {
  return new Promise((resolve) => {
    const video = document.createElement('video')
    video.controls = true
    video.playsInline = true
    video.preload = 'auto'
    video.addEventListener('loadeddata', () => resolve(video.videoWidth > 0 ? video : null), { once: true })
    video.addEventListener('error', () => resolve(null), { once: true })
    video.src = url
  })
}
