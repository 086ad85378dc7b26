// The rows of the tray: one per file, made from the page's template, changed in place.
import type { FileUpload } from '../file-upload'
import { localThumbnail } from './local-thumbnail'
import { type State, statusLine } from './status-line'

export type RowAction = 'select' | 'copy' | 'pause' | 'resume' | 'retry' | 'cancel' | 'delete'

const PHASES: Record<Exclude<RowAction, 'select'>, State['phase'][]> = {
  copy: [
    ...(['waiting', 'uploading', 'paused', 'offline', 'received'] as const),
    ...(['queued', 'held', 'processing', 'storing', 'ready'] as const),
  ],
  pause: ['uploading', 'offline'],
  resume: ['paused'],
  retry: ['failed'],
  cancel: ['preparing', 'waiting', 'uploading', 'paused', 'offline', 'refused'],
  delete: ['failed'],
}

export class Tray {
  readonly #rows = new Map<FileUpload, HTMLElement>()

  constructor(
    private readonly list: HTMLElement,
    private readonly template: HTMLTemplateElement,
    private readonly onAction: (action: RowAction, upload: FileUpload) => void,
  ) {}

  add(upload: FileUpload): void {
    const row = this.template.content.firstElementChild?.cloneNode(true) as HTMLElement
    row.addEventListener('click', (event) => {
      const button = (event.target as Element).closest<HTMLElement>('[data-do]')
      if (button) this.onAction(button.dataset.do as RowAction, upload)
    })
    this.#rows.set(upload, row)
    this.list.append(row)
    this.list.hidden = false
    this.show(upload)
    if (upload.state.phase !== 'refused')
      void localThumbnail(upload.file).then((url) => showPicture(row, url))
  }

  remove(upload: FileUpload): void {
    const row = this.#rows.get(upload)
    const picture = row?.querySelector('img')?.src ?? ''
    if (picture.startsWith('blob:')) URL.revokeObjectURL(picture)
    row?.remove()
    this.#rows.delete(upload)
    this.list.hidden = this.#rows.size === 0
  }

  select(upload: FileUpload | null): void {
    for (const [other, row] of this.#rows) {
      if (other === upload) row.setAttribute('aria-current', 'true')
      else row.removeAttribute('aria-current')
    }
  }

  show(upload: FileUpload): void {
    const row = this.#rows.get(upload)
    if (!row) return
    const title = upload.video?.title ?? upload.title
    const { text, tone, percent } = statusLine(upload.state)

    part(row, '.file__name').textContent = title
    const status = part(row, '.status')
    status.textContent = text
    status.dataset.state = tone
    const bar = part<HTMLProgressElement>(row, 'progress')
    bar.hidden = percent === null
    bar.value = percent ?? 0
    bar.setAttribute('aria-label', title)
    for (const [action, phases] of Object.entries(PHASES)) {
      const button = part(row, `[data-do="${action}"]`)
      button.hidden = !phases.includes(upload.state.phase)
      button.setAttribute('aria-label', `${button.title} ${title}`)
    }
    showResult(row, upload)
  }
}

function showResult(row: HTMLElement, { video, state }: FileUpload): void {
  const link = part<HTMLAnchorElement>(row, '[data-role="watch"]')
  link.hidden = state.phase !== 'ready'
  if (video) link.href = video.url
  showPicture(row, video?.thumbnail ?? null)
}

/** The first picture stays: one that changes under the eye tells nothing new. */
function showPicture(row: HTMLElement, url: string | null): void {
  const image = part<HTMLImageElement>(row, 'img')
  if (!url || !image.hidden) return
  image.src = url
  image.hidden = false
}

function part<T extends HTMLElement = HTMLElement>(row: HTMLElement, selector: string): T {
  const element = row.querySelector<T>(selector)
  if (!element) throw new Error(`The row of a file has no ${selector}`)
  return element
}
