// The watch page and the embed: waits for the video if it must, then plays it.
import { fetchVideo, type Video } from './api'
import { startDialogs } from './dialogs'
import { readJson } from './page-data'
import { Player } from './player/player'
import { startShare } from './share'
import { waitFor } from './wait-for'

const video = readJson<Video>('video')
const stage = document.getElementById('stage') as HTMLElement

startDialogs()
if (video.status === 'ready') play(video)
else if (video.status !== 'failed') void prepare()

async function prepare(): Promise<void> {
  const finished = await waitFor(() => fetchVideo(video.id), {
    isDone: ({ status }) => status === 'ready' || status === 'failed',
    mark: ({ status, progress }) => `${status} ${progress}`,
    onAnswer: show,
  }).catch(() => null)
  // Gone, or not ours to see any more: what the page says stays.
  if (!finished) return
  if (finished.status === 'ready') replaceByPlayer(finished)
  // The server's page tells owner and viewer different things about a failure.
  else location.reload()
}

function show({ status, progress }: Video): void {
  const words = stage.querySelector('[data-role="words"]')
  const bar = stage.querySelector('progress')
  if (words)
    words.textContent = `${status === 'uploading' ? 'Still arriving' : 'Getting ready'}, ${progress} %`
  if (bar) bar.value = progress
  stage.querySelector('[data-when="uploading"]')?.toggleAttribute('hidden', status !== 'uploading')
}

function replaceByPlayer(finished: Video): void {
  const template = document.getElementById('player-template') as HTMLTemplateElement
  stage.replaceChildren(template.content.cloneNode(true))
  play(finished)
}

function play(ready: Video): void {
  const section = stage.querySelector<HTMLElement>('[data-player]')
  if (!section) return
  const player = new Player(section, ready)
  startShare(() => player.seconds)
}
