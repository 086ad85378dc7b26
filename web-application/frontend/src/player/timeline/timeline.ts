// The timeline: what is played and loaded as drawn attributes, and a range input that hands and keys can move.
import { clock, spokenClock } from '../../ui/words'

export class Timeline {
  readonly input: HTMLInputElement
  #isHeld = false

  constructor(
    private readonly root: HTMLElement,
    private readonly video: HTMLVideoElement,
    private readonly chapterAt: (seconds: number) => string,
  ) {
    this.input = root.querySelector('[data-role="position"]') as HTMLInputElement
    this.input.addEventListener('input', () => {
      this.#isHeld = true
      video.currentTime = this.input.valueAsNumber
      this.show()
    })
    this.input.addEventListener('change', () => {
      this.#isHeld = false
    })
    for (const event of ['timeupdate', 'durationchange', 'progress', 'seeked'] as const) {
      video.addEventListener(event, () => this.show())
    }
    this.show()
  }

  show(): void {
    const length = Number.isFinite(this.video.duration) ? this.video.duration : 0
    const now = this.#isHeld ? this.input.valueAsNumber : this.video.currentTime
    this.input.max = String(length)
    if (!this.#isHeld) this.input.value = String(now)
    const chapter = this.chapterAt(now)
    const spoken = `${spokenClock(now)} of ${spokenClock(length)}`
    this.input.setAttribute('aria-valuetext', chapter ? `${spoken}, chapter: ${chapter}` : spoken)
    this.#draw('gone', length ? now / length : 0)
    this.#draw('loaded', length ? loadedUntil(this.video, now) / length : 0)
    this.#write('now', clock(now))
    this.#write('length', clock(length))
  }

  #draw(name: string, share: number): void {
    this.root.querySelector(`.${name}`)?.setAttribute('width', `${(100 * share).toFixed(2)}%`)
  }

  #write(role: string, text: string): void {
    const element = this.root.querySelector(`[data-role="${role}"]`)
    if (element && element.textContent !== text) element.textContent = text
  }
}

function loadedUntil({ buffered }: HTMLVideoElement, now: number): number {
  for (let i = 0; i < buffered.length; i += 1) {
    if (buffered.start(i) <= now + 0.5 && buffered.end(i) >= now) return buffered.end(i)
  }
  return now
}
