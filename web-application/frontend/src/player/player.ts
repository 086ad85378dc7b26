// Our bar over the browser's own player: everything happens to the <video>, the bar only shows it.
import type { Video } from '../api/videos'
import { copyText } from '../ui/clipboard'
import { Actions } from './actions'
import { errorDetails, Hint, showState, volumeInput } from './display'
import { startIdle } from './idle'
import { startKeyboard } from './keyboard'
import type { Action } from './keys'
import { SettingsMenu } from './menu/settings-menu'
import { inheritSilence, isSilenced } from './play-by-itself'
import { linkedSeconds, type Position, resumeAt } from './position'
import { applySoundAndSpeed, soundAndSpeedOf, storedPreferences, storePreferences } from './preferences'
import { SourceController } from './source/source-controller'
import { startStoring, storedSeconds } from './stored-positions'
import { Timeline } from './timeline/timeline'
import { TimelineTip } from './timeline/timeline-tip'
import { startPointer } from './touch/pointer'

const SHOWN_EVENTS = [
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
  readonly #menu: SettingsMenu
  readonly #hint: Hint
  readonly #actions: Actions
  readonly #source: SourceController
  readonly #tip: TimelineTip
  #quality: string

  constructor(
    private readonly root: HTMLElement,
    private readonly record: Video,
    position: Position | null,
  ) {
    this.#video = root.querySelector('video') as HTMLVideoElement
    this.#quality = storedPreferences().quality
    this.#hint = new Hint(root)
    this.#menu = new SettingsMenu(root, {
      onSpeed: (speed) => this.#setSpeed(speed),
      onQuality: (quality) => this.#choose(quality),
    })
    this.#actions = new Actions(root, this.#video, (speed) => this.#setSpeed(speed))
    this.#takeOver()
    this.#listen()
    this.#restore(position)
    this.#source = new SourceController(this.#video, record, this.#quality, {
      onQualities: (qualities, chosen) => this.#menu.offer(qualities, chosen),
      onShown: (label) => this.#menu.showQuality(label),
      onLost: () => {
        this.#part('[data-role="error"]').hidden = false
      },
    })
    const { input } = new Timeline(root, this.#video)
    this.#tip = new TimelineTip(root, input, () => this.#source.storyboard())
    const { wake } = startIdle(root, () => !this.#video.paused && !this.#menu.isOpen)
    startKeyboard(root, (action) => {
      wake()
      this.#run(action)
    })
    this.#show()
  }

  get seconds(): number {
    return this.#video.currentTime
  }

  /** There is more to the video by now: a stream, a storyboard. */
  update(video: Video): void {
    this.#source.update(video)
    this.#tip.askAgain()
  }

  #takeOver(): void {
    if (this.record.thumbnail && !this.#video.poster) this.#video.poster = this.record.thumbnail
    this.#video.controls = false
    for (const part of this.root.querySelectorAll<HTMLElement>('.bar, .player__big')) part.hidden = false
    this.#part('[data-do="pip"]').hidden = !document.pictureInPictureEnabled
  }

  #listen(): void {
    const video = this.#video
    for (const event of SHOWN_EVENTS) video.addEventListener(event, () => this.#show())
    startPointer(this.root, video, (action) => this.#run(action))
    video.addEventListener('volumechange', () => this.#storePreferences())
    startStoring(video, this.record.id)
    this.root.addEventListener('click', (event) => {
      const name = (event.target as Element).closest<HTMLElement>('[data-do]')?.dataset.do
      if (name) this.#press(name)
    })
    const volume = volumeInput(this.root)
    volume.addEventListener('input', () => {
      video.muted = false
      video.volume = volume.valueAsNumber
    })
  }

  #run(action: Action): void {
    this.#hint.show(this.#actions.run(action))
  }

  #press(name: string): void {
    if (name === 'play' || name === 'mute' || name === 'pip' || name === 'full')
      this.#actions.run({ do: name })
    if (name === 'settings') this.#menu.toggle()
    if (name === 'again') this.#again()
    if (name === 'details') void copyText(errorDetails(this.#video))
  }

  #setSpeed(speed: number): void {
    this.#video.playbackRate = speed
    this.#video.defaultPlaybackRate = speed
    this.#menu.showSpeed(speed)
    this.#storePreferences()
  }

  #choose(quality: string): void {
    this.#quality = quality
    this.#source.choose(quality)
    this.#storePreferences()
  }

  #again(): void {
    this.#part('[data-role="error"]').hidden = true
    void this.#source.again()
  }

  #restore(position: Position | null): void {
    if (position) inheritSilence(this.#video, position.video)
    const preferences = position ? soundAndSpeedOf(position.video) : storedPreferences()
    applySoundAndSpeed(this.#video, preferences)
    this.#menu.showSpeed(preferences.speed)
    // One that plays here already has joined in by itself.
    if (position?.video === this.#video) return
    if (position) return resumeAt(this.#video, position)
    const seconds = linkedSeconds(location.search) ?? storedSeconds(this.record.id)
    if (seconds > 0) this.#video.currentTime = seconds
  }

  #storePreferences(): void {
    const soundAndSpeed = soundAndSpeedOf(this.#video)
    const isMuted = isSilenced(this.#video) ? storedPreferences().isMuted : soundAndSpeed.isMuted
    storePreferences({ ...soundAndSpeed, isMuted, quality: this.#quality })
  }

  #show(): void {
    showState(this.root, this.#video)
  }

  #part(selector: string): HTMLElement {
    return this.root.querySelector(selector) as HTMLElement
  }
}
