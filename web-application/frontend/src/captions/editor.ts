// The editor beside the player: rows of cues, saved as one types.
import { captionsVersion, putCaptions } from '../api/captions'
import { Autosave, type SaveState } from './autosave'
import type { Cue } from './cue'
import { CueList } from './cue-list'
import type { CueRow } from './cue-row'
import { LiveCaptions } from './live-captions'
import { writtenWebVtt } from './webvtt'

export interface EditorData {
  url: string
  etag: string | null
  language: string
  label: string
  cues: Cue[]
}

const WORDS: Record<Exclude<SaveState['is'], 'unsaved'>, string> = {
  saved: 'Saved',
  saving: 'Saving…',
  conflict: 'Not saved',
}

export class Editor {
  readonly #list: CueList
  readonly #autosave: Autosave
  readonly #live: LiveCaptions | null

  constructor(
    private readonly root: HTMLElement,
    private readonly data: EditorData,
    private readonly video: HTMLVideoElement | null,
  ) {
    const template = document.getElementById('cue-template') as HTMLTemplateElement
    this.#live = video ? new LiveCaptions(video, data.label, data.language) : null
    this.#list = new CueList(this.#part('rows'), template, () => this.#changed())
    this.#autosave = new Autosave(
      data.etag,
      (file, etag) => putCaptions(data.url, file, etag),
      (state) => this.#show(state),
    )
    this.#listen()
    root.hidden = false
    void this.#list.fill(data.cues).then(() => this.#follow())
  }

  #listen(): void {
    const rows = this.#part('rows')
    rows.addEventListener('click', (event) => this.#press(event))
    rows.addEventListener('keydown', (event) => this.#run(event))
    this.#part('add').addEventListener('click', () => this.#list.addAt(this.#now))
    this.#part('undo').addEventListener('click', () => this.#list.undo())
    this.#part('theirs').addEventListener('click', () => this.#reload())
    this.#part('mine').addEventListener('click', () => void this.#overwrite())
    for (const event of ['timeupdate', 'seeked']) this.video?.addEventListener(event, () => this.#follow())
    addEventListener('beforeunload', this.#onLeave)
  }

  get #now(): number {
    return this.video?.currentTime ?? 0
  }

  #changed(): void {
    this.#part('undo').hidden = !this.#list.canUndo
    const cues = this.#list.cues
    this.#follow()
    if (!this.#list.check()) return this.#autosave.hold('Not saved: a time is not right.')
    if (!cues.some(({ text }) => text.trim())) return this.#autosave.hold('Not saved: there is no text yet.')
    this.#autosave.change(writtenWebVtt(cues))
  }

  #follow(): void {
    const cue = this.#list.follow(this.#now)
    this.#live?.show(cue)
  }

  #press(event: Event): void {
    const name = (event.target as Element).closest<HTMLElement>('[data-do]')?.dataset.do
    const row = this.#list.rowOf(event.target)
    if (!row) return
    if (name === 'delete') this.#list.delete(row)
    if (name === 'play' && this.video) {
      this.video.currentTime = row.cue.start_seconds
      void this.video.play().catch(() => {})
    }
  }

  #run(event: KeyboardEvent): void {
    const row = this.#list.rowOf(event.target)
    const command = row ? commandOf(event) : null
    if (!row || !command) return
    event.preventDefault()
    this.#commands[command](row)
  }

  readonly #commands: Record<Command, (row: CueRow) => void> = {
    add: (row) => this.#list.addBelow(row),
    split: (row) => this.#list.split(row),
    above: (row) => this.#list.go(row, -1),
    below: (row) => this.#list.go(row, 1),
    play: () => {
      if (this.video?.paused) void this.video.play().catch(() => {})
      else this.video?.pause()
    },
    start: (row) => {
      row.setStart(this.#now)
      this.#changed()
    },
    end: (row) => {
      row.setEnd(this.#now)
      this.#changed()
    },
  }

  #show(state: SaveState): void {
    const line = this.#part('state')
    line.textContent = state.is === 'unsaved' ? state.reason : WORDS[state.is]
    this.#part('conflict').hidden = state.is !== 'conflict'
  }

  #reload(): void {
    removeEventListener('beforeunload', this.#onLeave)
    location.reload()
  }

  async #overwrite(): Promise<void> {
    this.#autosave.overwrite(await captionsVersion(this.data.url))
  }

  readonly #onLeave = (event: BeforeUnloadEvent) => {
    if (this.#autosave.isPending) event.preventDefault()
  }

  #part(role: string): HTMLElement {
    return this.root.querySelector(`[data-role="${role}"]`) as HTMLElement
  }
}

type Command = 'add' | 'split' | 'above' | 'below' | 'play' | 'start' | 'end'

/** Keys that do something while one writes, so all of them with Ctrl (or Cmd) or Alt. */
export function commandOf({ key, code, ctrlKey, metaKey, altKey }: KeyboardEvent): Command | null {
  if (ctrlKey || metaKey)
    return ({ Enter: 'add', ArrowUp: 'above', ArrowDown: 'below', ' ': 'play' } as const)[key] ?? null
  // By their places: with Alt, keyboards write other signs.
  if (altKey) return ({ Enter: 'split', Comma: 'start', Period: 'end' } as const)[code] ?? null
  return null
}
