// Actions of keys and buttons on the video. Each tells in a word what it did, for the hint on the picture.
import { clock } from '../ui/words'
import { frameBeside } from './frames'
import type { Action, VideoAction } from './keys'
import { toggleFullScreen } from './layout/full-screen'
import { SPEEDS } from './menu/settings-menu'

/** Parts of the player that do what is not done to the <video> itself. Each answers in words for the hint. */
interface Parts {
  setSpeed: (speed: number) => void
  toggleCaptions: () => string
  resizeCaptions: (step: 1 | -1) => string
  toggleTheater: () => string
  toggleLoop: () => string
  stepChapter: (step: 1 | -1) => string
  playNext: () => string
  /** How long a frame is. */
  frameSeconds: () => number
}

export class Actions {
  constructor(
    private readonly root: HTMLElement,
    private readonly video: HTMLVideoElement,
    private readonly parts: Parts,
  ) {}

  /** Words for the hint; empty when the picture itself shows what happened. */
  run(action: Action): string {
    switch (action.do) {
      case 'theater':
        return this.parts.toggleTheater()
      case 'captions':
        return this.parts.toggleCaptions()
      case 'caption-size':
        return this.parts.resizeCaptions(action.step)
      case 'loop':
        return this.parts.toggleLoop()
      case 'chapter':
        return this.parts.stepChapter(action.step)
      case 'next':
        return this.parts.playNext()
      default:
        return this.#runOnVideo(action)
    }
  }

  #runOnVideo(action: VideoAction): string {
    switch (action.do) {
      case 'play':
        return this.#toggle()
      case 'full':
        toggleFullScreen(this.root, this.video)
        return ''
      case 'pip':
        return this.#pip()
      case 'mute':
        this.video.muted = !this.video.muted
        return this.video.muted ? 'Muted' : 'Sound on'
      case 'skip':
        this.#seek(this.video.currentTime + action.seconds)
        return `${action.seconds > 0 ? '+' : '−'}${Math.abs(action.seconds)} s`
      case 'jump':
        this.#seek(action.share * (this.video.duration || 0))
        return clock(this.video.currentTime)
      case 'volume':
        return this.#volume(action.step)
      case 'speed':
        return this.#speed(action.step)
      case 'frame':
        return this.#frame(action.step)
    }
  }

  #toggle(): string {
    // A play that the browser refuses, or that a new source interrupts, shows in the next state.
    if (this.video.paused) void this.video.play().catch(() => {})
    else this.video.pause()
    return ''
  }

  #seek(seconds: number): void {
    this.video.currentTime = Math.min(this.video.duration || 0, Math.max(0, seconds))
  }

  #volume(step: number): string {
    this.video.muted = false
    this.video.volume = Math.min(1, Math.max(0, this.video.volume + step))
    return `Volume ${Math.round(100 * this.video.volume)} %`
  }

  #speed(step: 1 | -1): string {
    const index = SPEEDS.indexOf(this.video.playbackRate) + step
    const speed = SPEEDS[Math.min(SPEEDS.length - 1, Math.max(0, index))] ?? 1
    this.parts.setSpeed(speed)
    return `${speed}×`
  }

  #pip(): string {
    if (document.pictureInPictureElement) void document.exitPictureInPicture()
    else if (document.pictureInPictureEnabled) void this.video.requestPictureInPicture().catch(() => {})
    return ''
  }

  #frame(step: 1 | -1): string {
    if (this.video.paused) this.#seek(frameBeside(this.video.currentTime, step, this.parts.frameSeconds()))
    return ''
  }
}
