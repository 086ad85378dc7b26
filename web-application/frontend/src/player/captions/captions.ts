// Captions of the player: the wish of the viewer, the track that it means, and the menu in which it is made.
import type { Caption } from '../../api/captions'
import type { Preferences } from '../preferences'
import { trackFor } from './caption-choice'
import { CaptionLines } from './caption-lines'
import { type CaptionLooks, nextSize, SIZE_WORDS, showLooks } from './caption-looks'
import { CaptionMenu } from './caption-menu'
import { captionTracks, trackLabel, updateTracks } from './caption-tracks'

export class Captions {
  readonly #lines: CaptionLines
  readonly #menu: CaptionMenu
  #wish: Preferences['captions']

  constructor(
    private readonly root: HTMLElement,
    private readonly video: HTMLVideoElement,
    wish: Preferences['captions'],
    private readonly store: (wish: Preferences['captions']) => void,
  ) {
    this.#wish = wish
    this.#lines = new CaptionLines(root, video)
    this.#menu = new CaptionMenu(root, {
      onLanguage: (language) => this.#want(language === null ? { isOn: false } : { isOn: true, language }),
      onLooks: (looks) => this.#want(looks),
    })
    // Browsers turn tracks on by rules of their own.
    for (const event of ['addtrack', 'removetrack', 'change'] as const)
      video.textTracks.addEventListener(event, () => this.#lines.areBrowsers || this.#apply())
    this.#apply()
  }

  update(captions: readonly Caption[] | undefined): void {
    if (captions) updateTracks(this.video, captions)
    this.#apply()
  }

  /** Words for the hint. */
  toggle(): string {
    if (captionTracks(this.video).length === 0) return 'No captions'
    this.#want({ isOn: !this.#wish.isOn })
    return this.#wish.isOn ? `Captions: ${this.#shownLabel}` : 'Captions off'
  }

  /** Words for the hint. */
  resize(step: 1 | -1): string {
    const size = nextSize(this.#wish.size, step)
    this.#want({ size })
    return `Captions: ${SIZE_WORDS[size].toLowerCase()}`
  }

  #want(change: Partial<Preferences['captions'] & CaptionLooks>): void {
    this.#wish = { ...this.#wish, ...change }
    this.store(this.#wish)
    this.#apply()
  }

  #apply(): void {
    const tracks = captionTracks(this.video)
    const place = this.#placeIn(tracks)
    this.#lines.read(tracks[place] ?? null, tracks)
    showLooks(this.root, this.#wish)
    this.#menu.offer(
      tracks.map((track) => ({ value: track.language, label: trackLabel(track) })),
      tracks[place]?.language ?? null,
      this.#wish,
    )
  }

  get #shownLabel(): string {
    const tracks = captionTracks(this.video)
    const track = tracks[this.#placeIn(tracks)]
    return track ? trackLabel(track) : ''
  }

  #placeIn(tracks: readonly TextTrack[]): number {
    return trackFor(
      tracks.map(({ language }) => language),
      this.#wish,
      navigator.languages,
    )
  }
}
