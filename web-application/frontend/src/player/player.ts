// Our bar over the browser's own player: everything happens to the <video>, the bar only shows it.
import type { Video } from '../api/videos'
import { copyText } from '../ui/clipboard'
import { clock } from '../ui/words'
import { Actions } from './actions'
import { Captions } from './captions/captions'
import { startCast } from './casting/cast'
import { errorDetails, showState, volumeInput } from './display'
import { watchFrames } from './frames'
import { Hint } from './hint'
import { startIdle } from './idle'
import { startKeyboard } from './keyboard'
import type { Action } from './keys'
import { isFullScreen } from './layout/full-screen'
import { MiniPlayer } from './layout/mini-player'
import { takeShape } from './layout/shape'
import { Theater } from './layout/theater'
import { startMediaSession } from './media-session'
import { SettingsMenu } from './menu/settings-menu'
import { Switches, type SwitchName } from './menu/switches'
import { NextUp } from './next/next-up'
import { inheritSilence, isSilenced } from './play-by-itself'
import { linkedSeconds, type Position, resumeAt } from './position'
import { applySoundAndSpeed, soundAndSpeedOf, storedPreferences, storePreferences } from './preferences'
import { SourceController } from './source/source-controller'
import { startStoring, storedSeconds } from './stored-positions'
import { startTimeLinks } from './time-links'
import { ChapterList } from './timeline/chapter-list'
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
  readonly #switches: Switches
  readonly #hint: Hint
  readonly #actions: Actions
  readonly #source: SourceController
  readonly #captions: Captions
  readonly #chapters: ChapterList
  readonly #next: NextUp
  readonly #mini: MiniPlayer | null
  readonly #tip: TimelineTip

  constructor(
    private readonly root: HTMLElement,
    private readonly record: Video,
    position: Position | null,
  ) {
    this.#video = root.querySelector('video') as HTMLVideoElement
    this.#hint = new Hint(root)
    this.#menu = new SettingsMenu(root, {
      onSpeed: (speed) => this.#setSpeed(speed),
      onQuality: (quality) => this.#choose(quality),
    })
    this.#switches = new Switches(root, (name, isOn) => this.#switch(name, isOn))
    this.#captions = new Captions(root, this.#video, storedPreferences().captions, (captions) =>
      storePreferences({ captions }),
    )
    this.#chapters = new ChapterList(root, this.#video)
    this.#next = new NextUp(root, this.#video, () => storedPreferences().playsNext)
    this.#mini = this.#newMini()
    this.#actions = this.#newActions()
    this.#takeOver()
    this.#listen()
    this.#restore(position)
    this.#source = this.#newSource()
    const chapterAt = (seconds: number) => this.#chapters.titleAt(seconds)
    const { input } = new Timeline(root, this.#video, chapterAt)
    this.#tip = new TimelineTip(root, input, () => this.#source.storyboard(), chapterAt)
    this.#listenToViewer()
    this.#updateWords(record)
    this.#show()
  }

  get seconds(): number {
    return this.#video.currentTime
  }

  /** There is more to the video by now: a stream, a storyboard, captions. */
  update(video: Video): void {
    this.#source.update(video)
    this.#tip.askAgain()
    this.#updateWords(video)
  }

  #updateWords({ captions, chapters, next }: Video): void {
    this.#captions.update(captions)
    this.#chapters.update(chapters)
    this.#next.update(next)
  }

  #newMini(): MiniPlayer | null {
    // An embedded player is all that there is.
    if (!this.root.closest('.watch')) return null
    return new MiniPlayer(this.root, this.#video, {
      isWanted: () => storedPreferences().hasMiniPlayer,
      onClose: () => this.#video.pause(),
    })
  }

  #newActions(): Actions {
    const theater = new Theater(this.root)
    const frames = watchFrames(this.#video)
    return new Actions(this.root, this.#video, {
      setSpeed: (speed) => this.#setSpeed(speed),
      toggleCaptions: () => this.#captions.toggle(),
      resizeCaptions: (step) => this.#captions.resize(step),
      toggleTheater: () => theater.toggle(),
      toggleLoop: () => this.#loop(!this.#video.loop),
      stepChapter: (step) => this.#chapters.step(step),
      playNext: () => this.#next.go(),
      frameSeconds: () => frames.seconds,
    })
  }

  #newSource(): SourceController {
    return new SourceController(this.#video, this.record, storedPreferences().quality, {
      onQualities: (qualities, chosen) => this.#menu.offer(qualities, chosen),
      onShown: (label) => this.#menu.showQuality(label),
      onLost: () => {
        this.#part('[data-role="error"]').hidden = false
      },
    })
  }

  #takeOver(): void {
    if (this.record.thumbnail && !this.#video.poster) this.#video.poster = this.record.thumbnail
    this.#video.controls = false
    for (const part of this.root.querySelectorAll<HTMLElement>('.bar, .player__big')) part.hidden = false
    this.#part('[data-do="pip"]').hidden = !document.pictureInPictureEnabled
    startCast(this.root, this.#video)
    const { width, height } = this.record
    if (!this.root.querySelector('.player__shape')) takeShape(this.root, width, height)
  }

  #listen(): void {
    const video = this.#video
    for (const event of SHOWN_EVENTS) video.addEventListener(event, () => this.#show())
    video.addEventListener('volumechange', () => this.#storeSound())
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

  /** Keys, fingers, links, and the keys of the system. */
  #listenToViewer(): void {
    const isMenuOpen = () => this.root.querySelector('.player__menu:not([hidden])') !== null
    const { wake } = startIdle(this.root, () => !this.#video.paused && !isMenuOpen())
    startPointer(this.root, this.#video, {
      run: (action) => this.#run(action),
      preview: (seconds) => this.#hint.show(clock(Math.max(0, this.seconds + seconds))),
      isFullScreen,
    })
    startKeyboard(this.root, (action) => {
      wake()
      this.#run(action)
    })
    startTimeLinks(this.root, (seconds) => {
      this.#video.currentTime = seconds
      void this.#video.play().catch(() => {})
    })
    startMediaSession(
      this.#video,
      this.record,
      () => this.#next.hasNext,
      (action) => this.#run(action),
    )
  }

  #run(action: Action): void {
    this.#hint.show(this.#actions.run(action))
  }

  #press(name: string): void {
    if (name === 'play' || name === 'mute' || name === 'pip' || name === 'full' || name === 'theater')
      this.#actions.run({ do: name })
    if (name === 'mini-close') this.#mini?.close()
    if (name === 'mini-return') this.#mini?.return()
    if (name === 'again') this.#again()
    if (name === 'details') void copyText(errorDetails(this.#video))
  }

  #setSpeed(speed: number): void {
    this.#video.playbackRate = speed
    this.#video.defaultPlaybackRate = speed
    this.#menu.showSpeed(speed)
    storePreferences({ speed })
  }

  #choose(quality: string): void {
    this.#source.choose(quality)
    storePreferences({ quality })
  }

  #switch(name: SwitchName, isOn: boolean): void {
    if (name === 'loop') this.#loop(isOn)
    if (name === 'next') storePreferences({ playsNext: isOn })
    if (name === 'mini') storePreferences({ hasMiniPlayer: isOn })
  }

  /** Not remembered: it is said of one video. */
  #loop(isOn: boolean): string {
    this.#video.loop = isOn
    this.#switches.show('loop', isOn)
    return isOn ? 'Loop' : 'Loop off'
  }

  #again(): void {
    this.#part('[data-role="error"]').hidden = true
    void this.#source.again()
  }

  #restore(position: Position | null): void {
    if (position) inheritSilence(this.#video, position.video)
    const preferences = storedPreferences()
    const soundAndSpeed = position ? soundAndSpeedOf(position.video) : preferences
    applySoundAndSpeed(this.#video, soundAndSpeed)
    this.#menu.showSpeed(soundAndSpeed.speed)
    this.#switches.show('next', preferences.playsNext)
    this.#switches.show('mini', preferences.hasMiniPlayer)
    // One that plays here already has joined in by itself.
    if (position?.video === this.#video) return
    if (position) return resumeAt(this.#video, position)
    const seconds = linkedSeconds(location.search) ?? storedSeconds(this.record.id)
    if (seconds > 0) this.#video.currentTime = seconds
  }

  #storeSound(): void {
    const { volume, isMuted } = soundAndSpeedOf(this.#video)
    // Nobody has chosen what the browser's rules keep silent.
    storePreferences(isSilenced(this.#video) ? { volume } : { volume, isMuted })
  }

  #show(): void {
    showState(this.root, this.#video)
  }

  #part(selector: string): HTMLElement {
    return this.root.querySelector(selector) as HTMLElement
  }
}
