// Our bar over the browser's own player: everything happens to the <video>, the bar only shows it.
import type { Video } from '../api/client'
import { Deeds } from './actions'
import { startIdle } from './idle'
import { startKeyboard } from './input'
import { Menu } from './menu'
import { startPointing } from './pointing'
import { goOn, type Place } from './position'
import { keepPlace, keepSettings, keptSettings, placeOf, settingsOf, setUp } from './preferences'
import { Feed } from './source/source-controller'
import { startAt } from './start-at'
import { Timeline } from './timeline'
import { Preview } from './timeline-tip'

const KEEP_EVERY_MS = 5000
const HINT_MS = 900
const SHOWN = [
  'play',
  'pause',
  'ended',
  'volumechange',
  'waiting',
  'playing',
  'canplay',
  'seeking',
  'seeked',
] as const

export class Player {
  readonly #video: HTMLVideoElement
  readonly #menu: Menu
  readonly #deeds: Deeds
  readonly #feed: Feed
  readonly #preview: Preview
  #quality: string
  #keptAtMs = 0
  #hintTimer: ReturnType<typeof setTimeout> | undefined

  constructor(
    private readonly root: HTMLElement,
    private readonly record: Video,
    place: Place | null,
  ) {
    this.#video = root.querySelector('video') as HTMLVideoElement
    this.#quality = keptSettings().quality
    this.#menu = new Menu(root, {
      onSpeed: (speed) => this.#setSpeed(speed),
      onQuality: (quality) => this.#choose(quality),
    })
    this.#deeds = new Deeds(root, this.#video, (speed) => this.#setSpeed(speed))
    this.#takeOver()
    this.#listen()
    this.#restore(place)
    this.#feed = new Feed(this.#video, record, this.#quality, {
      onQualities: (qualities, chosen) => this.#menu.offer(qualities, chosen),
      onShown: (label) => this.#menu.showQuality(label),
      onLost: () => {
        this.#part('[data-role="error"]').hidden = false
      },
    })
    const { input } = new Timeline(root, this.#video)
    this.#preview = new Preview(root, input, () => this.#feed.storyboard())
    const { wake } = startIdle(root, () => !this.#video.paused && !this.#menu.isOpen)
    startKeyboard(root, (deed) => {
      wake()
      this.#hint(this.#deeds.run(deed))
    })
    this.#show()
  }

  get seconds(): number {
    return this.#video.currentTime
  }

  /** There is more to the video by now. */
  gain(more: Video): void {
    this.#feed.gain(more)
    this.#preview.lookAgain()
  }

  #takeOver(): void {
    if (this.record.thumbnail && !this.#video.poster) this.#video.poster = this.record.thumbnail
    this.#video.controls = false
    for (const part of this.root.querySelectorAll<HTMLElement>('.bar, .player__big')) part.hidden = false
    this.#part('[data-do="pip"]').hidden = !document.pictureInPictureEnabled
  }

  #listen(): void {
    const video = this.#video
    for (const event of SHOWN) video.addEventListener(event, () => this.#show())
    startPointing(this.root, video, (deed) => this.#hint(this.#deeds.run(deed)))
    video.addEventListener('volumechange', () => this.#keepSettings())
    video.addEventListener('timeupdate', () => this.#keepPlaceNowAndThen())
    video.addEventListener('pause', () => this.#keepPlace())
    video.addEventListener('ended', () => keepPlace(this.record.id, 0, video.duration))
    window.addEventListener('pagehide', () => this.#keepPlace())
    this.root.addEventListener('click', (event) => {
      const deed = (event.target as Element).closest<HTMLElement>('[data-do]')?.dataset.do
      if (deed) this.#press(deed)
    })
    this.#volume().addEventListener('input', () => {
      video.muted = false
      video.volume = this.#volume().valueAsNumber
    })
  }

  #press(deed: string): void {
    if (deed === 'play' || deed === 'mute' || deed === 'pip' || deed === 'full') this.#deeds.run({ do: deed })
    if (deed === 'settings') this.#menu.toggle()
    if (deed === 'again') this.#again()
    if (deed === 'details') void navigator.clipboard?.writeText(this.#details())
  }

  #setSpeed(speed: number): void {
    this.#video.playbackRate = speed
    this.#video.defaultPlaybackRate = speed
    this.#menu.showSpeed(speed)
    this.#keepSettings()
  }

  #choose(quality: string): void {
    this.#quality = quality
    this.#feed.choose(quality)
    this.#keepSettings()
  }

  #again(): void {
    this.#part('[data-role="error"]').hidden = true
    void this.#feed.again()
  }

  #restore(place: Place | null): void {
    const settings = place ? settingsOf(place.video) : keptSettings()
    setUp(this.#video, settings)
    this.#menu.showSpeed(settings.speed)
    if (place) return goOn(this.#video, place)
    const seconds = startAt(location.search) ?? placeOf(this.record.id)
    if (seconds > 0) this.#video.currentTime = seconds
  }

  #keepSettings(): void {
    const { volume, muted, playbackRate } = this.#video
    keepSettings({ volume, isMuted: muted, speed: playbackRate, quality: this.#quality })
  }

  #keepPlaceNowAndThen(): void {
    if (Date.now() - this.#keptAtMs > KEEP_EVERY_MS) this.#keepPlace()
  }

  #keepPlace(): void {
    this.#keptAtMs = Date.now()
    if (this.#video.duration) keepPlace(this.record.id, this.#video.currentTime, this.#video.duration)
  }

  #show(): void {
    const { paused, muted, volume, readyState, seeking } = this.#video
    const isSilent = muted || volume === 0
    this.root.dataset.play = paused ? 'paused' : 'playing'
    this.root.dataset.sound = isSilent ? 'muted' : 'loud'
    this.#part('[data-role="play"]').setAttribute('aria-label', paused ? 'Play' : 'Pause')
    this.#part('[data-role="mute"]').setAttribute('aria-label', isSilent ? 'Sound on' : 'Mute')
    this.#part('.player__big').hidden = !paused || seeking
    this.#part('.player__wait').hidden = paused || readyState >= HTMLMediaElement.HAVE_FUTURE_DATA
    this.#volume().value = String(isSilent ? 0 : volume)
    if (paused) delete this.root.dataset.idle
  }

  #hint(text: string): void {
    if (!text) return
    const hint = this.#part('.player__hint')
    hint.textContent = text
    hint.hidden = false
    clearTimeout(this.#hintTimer)
    this.#hintTimer = setTimeout(() => {
      hint.hidden = true
    }, HINT_MS)
  }

  #details(): string {
    const { error, networkState, readyState, currentTime } = this.#video
    const place = `${location.href} at ${currentTime.toFixed(1)} s`
    const reason = `error ${error?.code ?? 'none'} ${error?.message ?? ''}`
    return `CatTube ${place}: ${reason} network ${networkState} ready ${readyState}`
  }

  #volume(): HTMLInputElement {
    return this.#part('[data-role="volume"]') as HTMLInputElement
  }

  #part(selector: string): HTMLElement {
    return this.root.querySelector(selector) as HTMLElement
  }
}
