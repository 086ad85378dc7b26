// The watch page and the embed: shows what there is of the video until it is ready, then plays it.
import { followRenditions } from '../api/follow-renditions'
import { followVideo } from '../api/follow-video'
import { readJson } from '../api/page-data'
import { fetchVideo, isFinished, type Video } from '../api/videos'
import { startCommentTimes } from '../community/comment-times'
import { startOlderComments } from '../community/older-comments'
import { startSwapping } from '../community/swap-parts'
import { hasArrived } from '../player/next/arrival'
import { playByItself } from '../player/play-by-itself'
import { Player } from '../player/player'
import type { Position } from '../player/position'
import { prepareForLivePreview } from '../preview/live-preview'
import { PreviewStage } from '../preview/stage'
import { startSidePanel } from '../transcript/side-panel'
import { startDeviceShare, startShareAt } from '../ui/share'
import { startViewing, takePosition } from '../viewing/viewing'
import { FinishedSection } from './finished-section'
import { progressText } from './progress-text'

const video = readJson<Video>('video')
const stage = document.getElementById('stage') as HTMLElement
// Who waits on a page of this site has asked for the video; a page of others has its own plans.
const MAY_BEGIN =
  !document.body.classList.contains('embed') && !matchMedia('(prefers-reduced-motion: reduce)').matches
const HAS_ARRIVED = hasArrived()
const READY = { words: 'The video is ready.', button: 'Watch the finished version' }
const FAILED = { words: 'This could not be processed.', button: 'See why' }

startDeviceShare()
takePosition(video.id)
startSwapping()
startCommentTimes()
startOlderComments()
startSidePanel(stage)
if (video.status === 'ready') {
  play(asOfNow(video, 0), null)
  const player = stage.querySelector('video')
  if (player && HAS_ARRIVED) void playByItself(player)
} else if (video.status !== 'failed') void followUntilReady()

async function followUntilReady(): Promise<void> {
  let last = video
  prepareForLivePreview()
  const preview = new PreviewStage(stage, {
    onChange: () => showProgress(last),
    askForAddress: async () => (await fetchVideo(video.id)).growing?.url ?? null,
    mayBegin: MAY_BEGIN,
  })
  const finished = await followVideo(video.id, (current) => {
    last = current
    if (isFinished(current)) return
    showProgress(current)
    preview.offer(current)
  }).catch(() => null)
  // Gone, or not ours to see any more: what the page says stays.
  if (!finished) return
  const heardAtMs = performance.now()
  // The server's page tells owner and viewer different things about a failure.
  if (finished.status === 'failed') return preview.leave(FAILED, { onLeft: () => location.reload() })
  const section = new FinishedSection(stage, finished)
  const mayBegin = MAY_BEGIN && preview.isUntouched && !document.hidden
  preview.leave(READY, {
    joiner: () => section.joiner(),
    onLeft: (position) => {
      section.show(position)
      play(asOfNow(finished, heardAtMs), position)
      const player = stage.querySelector('video')
      if (mayBegin && player) void playByItself(player)
    },
  })
}

/** Its links last less long by now. heardAtMs: when the site told it, on the page's clock, which begins at 0. */
function asOfNow(answer: Video, heardAtMs: number): Video {
  const elapsedSeconds = (performance.now() - heardAtMs) / 1000
  return { ...answer, links_last_seconds: answer.links_last_seconds - elapsedSeconds }
}

function showProgress(current: Video): void {
  const words = stage.querySelector('[data-role="words"]')
  const bar = stage.querySelector('progress')
  if (words) words.textContent = progressText(current)
  if (bar) bar.value = current.progress
  stage.querySelector('[data-when="uploading"]')?.toggleAttribute('hidden', current.status !== 'uploading')
}

function play(ready: Video, position: Position | null): void {
  const section = stage.querySelector<HTMLElement>('[data-player]')
  if (!section) return
  const hasJoined = position !== null && section.contains(position.video)
  // A stream would interrupt what plays already, so it comes like one that is made later.
  const player = new Player(section, hasJoined ? { ...ready, hls: null } : ready, position)
  if (hasJoined) player.update(ready)
  startShareAt(() => player.seconds)
  startViewing(section.querySelector('video') as HTMLVideoElement, ready.id)
  showImproving(ready)
  void followRenditions(ready, (current) => {
    player.update(current)
    showImproving(current)
  })
}

/** For the owner: viewers have no such line. */
function showImproving({ phase }: Video): void {
  document.querySelector('[data-role="improving"]')?.toggleAttribute('hidden', phase !== 'improving')
}
