// Captions as they are edited, shown over the video before anything is saved.
import type { Cue } from './cue'

export class LiveCaptions {
  readonly #track: TextTrack
  #text = ''

  constructor(video: HTMLVideoElement, label: string, language: string) {
    // What is saved would be shown twice.
    for (const track of video.querySelectorAll('track')) track.remove()
    this.#track = video.addTextTrack('captions', label, language)
    this.#track.mode = 'showing'
  }

  /** Show this one, or none. */
  show(cue: Cue | null): void {
    const text = cue ? `${cue.start_seconds} ${cue.end_seconds} ${cue.text}` : ''
    if (text === this.#text) return
    this.#text = text
    for (const shown of [...(this.#track.cues ?? [])]) this.#track.removeCue(shown)
    if (cue) this.#track.addCue(new VTTCue(cue.start_seconds, cue.end_seconds, cue.text))
  }
}
