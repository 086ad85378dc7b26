// The upload page: picker, tray and form, wired to the uploads.
import '../css/upload.css'
import { readJson } from '../api/page-data'
import { fetchVideo, type Video, type Visibility } from '../api/videos'
import { announce } from '../ui/announce'
import { copyText } from '../ui/clipboard'
import { refusal } from '../upload/choosing/chosen-file'
import { startDropAnywhere } from '../upload/choosing/drop-anywhere'
import { startPicker } from '../upload/choosing/picker'
import { FileUpload } from '../upload/file-upload'
import { DetailsForm } from '../upload/tray/details-form'
import { milestone, totalsLine } from '../upload/tray/progress-reports'
import { hasUnsentBytes, type State } from '../upload/tray/status-line'
import { type RowAction, Tray } from '../upload/tray/tray'
import { UploadQueue } from '../upload/upload-queue'
import { confirmRemoval } from './confirm-removal'

// Each sending file holds two connections, its bytes and its events; browsers open six to one host.
const SENT_AT_ONCE = 2
const TICK_MS = 1000

const config = readJson<{ max_bytes: number; default_visibility: Visibility }>('upload-config')
const element = <T extends HTMLElement>(id: string) => document.getElementById(id) as T
const page = element('upload')
const uploads: FileUpload[] = []
let selected: FileUpload | null = null
/** The last record that is being made. */
let recording: Promise<void> = Promise.resolve()
/** A failed video that waits for its file once more. */
let retried: Video | null = null

const queue = new UploadQueue<FileUpload>(
  SENT_AT_ONCE,
  (upload) => void upload.start(),
  (upload, place) => upload.tellPlace(place),
)
const tray = new Tray(element('tray'), element<HTMLTemplateElement>('file-row'), (action, upload) =>
  ROW_ACTIONS[action](upload),
)
const form = new DetailsForm(element<HTMLFormElement>('details'), (video, details) => {
  const upload = uploads.find((other) => other.video?.id === video.id)
  if (!upload?.video) return
  Object.assign(upload.video, details)
  tray.show(upload)
})

const ROW_ACTIONS: Record<RowAction, (upload: FileUpload) => void> = {
  select,
  copy: (upload) => void copyLink(upload),
  pause: (upload) => upload.pause(),
  resume: (upload) => upload.resume(),
  retry: (upload) => void upload.retry(),
  cancel: (upload) => void remove(upload),
  delete: (upload) => void remove(upload),
}

function add(file: File): void {
  const upload = new FileUpload(file, queue, onChange)
  const reason = refusal(file, config.max_bytes)
  uploads.push(upload)
  if (reason) upload.refuse(reason)
  tray.add(upload)
  if (reason) return
  selected ??= upload
  const failed = retried ?? undefined
  // One record after the other, so that files join the queue in the order they were chosen.
  recording = recording.then(() => upload.begin({ visibility: config.default_visibility }, failed))
  retried = null
  element('retry-note').hidden = true
}

function onChange(upload: FileUpload, before: State): void {
  tray.show(upload)
  if (selected === upload) select(upload)
  showTotals()
  const words = milestone(upload.video?.title ?? upload.title, before, upload.state)
  if (words) announce(words)
}

function select(upload: FileUpload): void {
  if (!upload.video) return
  selected = upload
  tray.select(upload)
  form.show(upload.video)
  const button = page.querySelector<HTMLElement>('[data-do="remove"]')
  if (button) button.textContent = hasUnsentBytes(upload.state) ? 'Cancel upload' : 'Delete'
}

async function copyLink({ video }: FileUpload): Promise<void> {
  if (!video) return
  const link = new URL(video.url, location.origin).href
  announce((await copyText(link)) ? 'Link copied' : link)
}

async function remove(upload: FileUpload): Promise<void> {
  if (upload.video && !(await confirmRemoval(upload))) return
  try {
    await upload.cancel()
  } catch {
    announce('Not deleted: the site cannot be reached. Try again.')
    return
  }
  tray.remove(upload)
  uploads.splice(uploads.indexOf(upload), 1)
  if (selected === upload) {
    selected = null
    form.hide()
    const next = uploads.find(({ video }) => video)
    if (next) select(next)
  }
  showTotals()
}

function showTotals(): void {
  const words = totalsLine(uploads.map(({ file, state }) => ({ bytes: file.size, state })))
  const line = page.querySelector<HTMLElement>('[data-role="totals"]')
  if (line) {
    line.textContent = words
    line.hidden = words === ''
  }
  const isSending = uploads.some(isPausable)
  const isNeeded = uploads.length > 1 && (isSending || uploads.some(isPaused))
  page.querySelector('[data-role="all"]')?.toggleAttribute('hidden', !isNeeded)
  page.querySelector('[data-do="pause-all"]')?.toggleAttribute('hidden', !isSending)
  page.querySelector('[data-do="resume-all"]')?.toggleAttribute('hidden', isSending)
}

const isPausable = ({ state }: FileUpload) => ['uploading', 'offline', 'waiting'].includes(state.phase)
const isPaused = ({ state }: FileUpload) => state.phase === 'paused'

function startButtons(): void {
  page.addEventListener('click', (event) => {
    const action = (event.target as Element).closest<HTMLElement>('[data-do]')?.dataset.do
    if (action === 'pause-all') pauseAll()
    if (action === 'resume-all') resumeAll()
    if (action === 'remove' && selected) void remove(selected)
  })
}

/** The last in the queue first: else each that waits would start as soon as another pauses. */
function pauseAll(): void {
  for (const upload of uploads.filter(isPausable).reverse()) upload.pause()
}

function resumeAll(): void {
  for (const upload of uploads.filter(isPaused)) upload.resume()
}

async function startRetry(): Promise<void> {
  const id = new URLSearchParams(location.search).get('retry')
  if (!id || !/^[\w-]{11}$/.test(id)) return
  const video = await fetchVideo(id).catch(() => null)
  if (!video?.can_edit || video.status === 'ready') return
  retried = video
  const note = element('retry-note')
  const name = note.querySelector('strong')
  if (name) name.textContent = video.title
  note.hidden = false
}

function startLeaveWarning(): void {
  window.addEventListener('beforeunload', (event) => {
    if (uploads.some(({ state }) => hasUnsentBytes(state))) event.preventDefault()
  })
}

startPicker(element('picker'), config.max_bytes, add)
startDropAnywhere(element('dropbox'), add)
startButtons()
startLeaveWarning()
void startRetry()
setInterval(() => {
  for (const upload of uploads) upload.tick(Date.now())
}, TICK_MS)
