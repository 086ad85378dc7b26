// The watch page and the embed: shows what there is of the video until it is ready, then plays it.
import { isFinished, type Video } from '../api/client'
import { followGains } from '../api/follow-renditions'
import { follow } from '../api/follow-video'
import { readJson } from '../api/page-data'
import { Player } from '../player/player'
import type { Place } from '../player/position'
import { EarlyStage } from '../preview/stage'
import { startDialogs } from '../ui/dialogs'
import { startShare } from '../ui/share'
import { preparingWords } from './progress-text'

const video = readJson<Video>('video')
const stage = document.getElementById('stage') as HTMLElement
const READY = { words: 'The video is ready.', button: 'Watch the finished version' }
const FAILED = { words: 'This could not be processed.', button: 'See why' }

startDialogs()
if (video.status === 'ready') play(aged(video, 0), null)
else if (video.status !== 'failed') void prepare()

async function prepare(): Promise<void> {
  let last = video
  const early = new EarlyStage(stage, () => show(last))
  const finished = await follow(video.id, (now) => {
    last = now
    if (isFinished(now)) return
    show(now)
    early.offer(now)
  }).catch(() => null)
  // Gone, or not ours to see any more: what the page says stays.
  if (!finished) return
  const heardAtMs = performance.now()
  if (finished.status === 'ready')
    early.leave(READY, (place) => replaceByPlayer(aged(finished, heardAtMs), place))
  // The server's page tells owner and viewer different things about a failure.
  else early.leave(FAILED, () => location.reload())
}

/** As it is now: its links last less long. sinceMs: when it was said, on the page's clock, which begins at 0. */
function aged(said: Video, sinceMs: number): Video {
  return { ...said, links_last_seconds: said.links_last_seconds - (performance.now() - sinceMs) / 1000 }
}

function show(now: Video): void {
  const words = stage.querySelector('[data-role="words"]')
  const bar = stage.querySelector('progress')
  if (words) words.textContent = preparingWords(now)
  if (bar) bar.value = now.progress
  stage.querySelector('[data-when="uploading"]')?.toggleAttribute('hidden', now.status !== 'uploading')
}

function replaceByPlayer(finished: Video, place: Place | null): void {
  const template = document.getElementById('player-template') as HTMLTemplateElement
  stage.replaceChildren(template.content.cloneNode(true))
  play(finished, place)
}

function play(ready: Video, place: Place | null): void {
  const section = stage.querySelector<HTMLElement>('[data-player]')
  if (!section) return
  const player = new Player(section, ready, place)
  startShare(() => player.seconds)
  tellGains(ready)
  void followGains(ready, (now) => {
    player.gain(now)
    tellGains(now)
  })
}

/** For the owner: viewers have no such line. */
function tellGains({ phase }: Video): void {
  document.querySelector('[data-role="improving"]')?.toggleAttribute('hidden', phase !== 'improving')
}
