// Lines of captions over the picture. We draw them, since a browser's own lie under the bar and take no sizes.
// Where the browser takes the picture out of the page, it takes over the captions.

type At = 'top' | 'bottom'

export class CaptionLines {
  readonly #box: HTMLElement
  #track: TextTrack | null = null
  #areBrowsers = false
  readonly #draw = () => this.#show()

  constructor(
    root: HTMLElement,
    private readonly video: HTMLVideoElement,
  ) {
    this.#box = root.querySelector('.player__captions') as HTMLElement
    const leave = () => this.#give(true)
    const enter = () => this.#give(false)
    for (const event of ['enterpictureinpicture', 'webkitbeginfullscreen'])
      video.addEventListener(event, leave)
    for (const event of ['leavepictureinpicture', 'webkitendfullscreen']) video.addEventListener(event, enter)
    // A <track> has loaded: tracks tell of cues that come while it plays, and not of those that are due already.
    video.addEventListener('load', this.#draw, true)
    video.addEventListener('seeked', this.#draw)
  }

  /** The browser shows the picture, and the lines with it. */
  get areBrowsers(): boolean {
    return this.#areBrowsers
  }

  /** Read this track from now on; null reads none. tracks: all there are. */
  read(track: TextTrack | null, tracks: readonly TextTrack[]): void {
    this.#track?.removeEventListener('cuechange', this.#draw)
    this.#track = track
    // Others may be read by other parts of the page, but not be shown besides.
    for (const other of tracks) if (other !== track && other.mode === 'showing') other.mode = 'disabled'
    track?.addEventListener('cuechange', this.#draw)
    this.#give(this.#areBrowsers)
  }

  #give(areBrowsers: boolean): void {
    this.#areBrowsers = areBrowsers
    if (this.#track) this.#track.mode = areBrowsers ? 'showing' : 'hidden'
    this.#show()
  }

  #show(): void {
    const cues = this.#areBrowsers ? [] : cuesAt([...(this.#track?.cues ?? [])], this.video.currentTime)
    this.#box.lang = this.#track?.language ?? ''
    for (const at of ['top', 'bottom'] as const) {
      const group = this.#box.querySelector(`[data-at="${at}"]`)
      group?.replaceChildren(...cues.filter((cue) => placeOf(cue) === at).map(paragraphOf))
    }
  }
}

/** Cues to read at this moment. Pure but for their kind. */
function cuesAt(cues: readonly TextTrackCue[], seconds: number): VTTCue[] {
  const isDue = ({ startTime, endTime }: TextTrackCue) => startTime <= seconds && seconds < endTime
  return cues.filter((cue): cue is VTTCue => isDue(cue) && cue instanceof VTTCue)
}

/** Lines count from the top, and from the bottom when they are negative. Pure. */
export function placeOf({ line, snapToLines }: Pick<VTTCue, 'line' | 'snapToLines'>): At {
  if (line === 'auto') return 'bottom'
  const middle = snapToLines ? 8 : 50
  return line >= 0 && line < middle ? 'top' : 'bottom'
}

// The browser has parsed the text: what it gives knows bold, italic and names of speakers, and no script.
function paragraphOf(cue: VTTCue): HTMLParagraphElement {
  const paragraph = document.createElement('p')
  const words = document.createElement('span')
  words.dir = 'auto'
  words.append(cue.getCueAsHTML())
  paragraph.append(words)
  return paragraph
}
