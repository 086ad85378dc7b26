// The watch page and the embed: waits for the video if it must, then plays it.
import type { Video } from './api'
import { startDialogs } from './dialogs'
import { follow } from './follow'
import { OriginalPlayer } from './original'
import { readJson } from './page-data'
import { keepPlace } from './player/memory'
import { Player } from './player/player'
import { preparingWords } from './preparing'
import { startShare } from './share'

const video = readJson<Video>('video')
const stage = document.getElementById('stage') as HTMLElement

startDialogs()
if (video.status === 'ready') play(video)
else if (video.status !== 'failed') void prepare()

async function prepare(): Promise<void> {
  const template = document.querySelector<HTMLTemplateElement>('#original-template')
  const original = new OriginalPlayer(stage, template)
  const finished = await follow(video.id, (now) => {
    show(now)
    void original.offer(now.original, () => show(now))
  }).catch(() => null)
  // Gone, or not ours to see any more: what the page says stays.
  if (!finished) return
  if (finished.status === 'ready')
    original.leave({ words: 'Your video is ready.', button: 'Watch the finished version' }, (seconds) => {
      if (finished.duration_seconds) keepPlace(finished.id, seconds, finished.duration_seconds)
      replaceByPlayer(finished)
    })
  // The server's page tells owner and viewer different things about a failure.
  else
    original.leave({ words: 'This could not be processed.', button: 'See why' }, () => location.reload())
}

function show(now: Video): void {
  if (now.phase === null) return
  const words = stage.querySelector('[data-role="words"]')
  const bar = stage.querySelector('progress')
  if (words) words.textContent = preparingWords(now)
  if (bar) bar.value = now.progress
  stage.querySelector('[data-when="uploading"]')?.toggleAttribute('hidden', now.status !== 'uploading')
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
