// The section of the page with the finished video, which takes the place of a preview.
import type { Video } from '../api/videos'
import type { Position } from '../player/position'
import { unload } from '../preview/preview-video'

const HIDDEN = 'player--joining'

export class FinishedSection {
  #joining: HTMLElement | null = null

  constructor(
    private readonly stage: HTMLElement,
    private readonly finished: Video,
  ) {}

  /** Its <video>, over the preview but out of sight, and loading; null when there is no file for it. */
  joiner(): HTMLVideoElement | null {
    const file = this.finished.sources[0]
    const section = playerTemplate().querySelector<HTMLElement>('[data-player]')
    const video = section?.querySelector('video')
    if (!file || !section || !video) return null
    const source = document.createElement('source')
    source.src = file.url
    source.type = file.type
    // Its captions stay.
    for (const other of video.querySelectorAll('source')) other.remove()
    video.prepend(source)
    video.preload = 'auto'
    video.controls = false
    section.classList.add(HIDDEN)
    section.inert = true
    this.stage.append(section)
    this.#joining = section
    return video
  }

  /** In the place of all else. A <video> that plays is not moved for it: that would pause it. */
  show(position: Position | null): void {
    const section = this.#joining
    if (!section || !position || !section.contains(position.video)) return this.#showAnew()
    for (const other of [...this.stage.childNodes]) if (other !== section) other.remove()
    section.classList.remove(HIDDEN)
    section.inert = false
  }

  #showAnew(): void {
    const video = this.#joining?.querySelector('video')
    if (video) unload(video)
    this.stage.replaceChildren(playerTemplate())
  }
}

function playerTemplate(): DocumentFragment {
  const template = document.getElementById('player-template') as HTMLTemplateElement
  return template.content.cloneNode(true) as DocumentFragment
}
