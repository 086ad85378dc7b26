// The editor of captions, in the place of the form that works without a script.
import { readJson } from '../api/page-data'
import type { Video } from '../api/videos'
import { Editor, type EditorData } from '../captions/editor'
import { Player } from '../player/player'

const side = document.querySelector('.side--editor') as HTMLElement
const form = side.querySelector<HTMLElement>('[data-role="file"]')
const section = document.querySelector<HTMLElement>('[data-player]')

// A form that came back with a mistake is shown as it is: what it holds is not saved.
if (!form?.querySelector('[aria-invalid]')) {
  if (section) new Player(section, readJson<Video>('video'), null)
  form?.remove()
  const video = section?.querySelector('video') ?? null
  new Editor(side.querySelector('[data-role="editor"]') as HTMLElement, readJson<EditorData>('editor'), video)
  const help = document.querySelector<HTMLElement>('[data-role="help"]')
  if (help) help.hidden = false
}
