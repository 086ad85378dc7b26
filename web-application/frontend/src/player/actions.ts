// Actions of keys and buttons on the video. Each tells in a word what it did, for the hint on the picture.
import { clock } from '../ui/words'
import type { Action } from './keys'
import { SPEEDS } from './menu/settings-menu'

const FRAME_SECONDS = 1 / 30

export class Actions {
  constructor(
    private readonly root: HTMLElement,
    private readonly video: HTMLVideoElement,
    private readonly setSpeed: (speed: number) => void,
  ) {}

  /** Words for the hint; empty when the picture itself shows what happened. */
  run(action: Action): string {
    switch (action.do) {
      case 'play':
        return this.#toggle()
      case 'full':
        return this.#full()
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
        if (this.video.paused) this.#seek(this.video.currentTime + action.step * FRAME_SECONDS)
        return ''
      case 'sheet':
        ;(document.getElementById('keys') as HTMLDialogElement | null)?.showModal()
        return ''
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
    this.setSpeed(speed)
    return `${speed}×`
  }

  #pip(): string {
    if (document.pictureInPictureElement) void document.exitPictureInPicture()
    else if (document.pictureInPictureEnabled) void this.video.requestPictureInPicture().catch(() => {})
    return ''
  }

  #full(): string {
    if (document.fullscreenElement) void document.exitFullscreen()
    else if (this.root.requestFullscreen) void this.root.requestFullscreen().catch(() => {})
    // On an iPhone only the video itself can be full screen.
    else (this.video as HTMLVideoElement & { webkitEnterFullscreen?: () => void }).webkitEnterFullscreen?.()
    return ''
  }
}
