// Captions in the making, followed to their end. The server's page knows how the end looks.
import type { Captioning } from '../api/captions'
import { pollVideo } from '../api/videos'
import { announce } from '../ui/announce'

const LIST = 'caption-list'

export async function followCaptioning(): Promise<void> {
  const panel = document.querySelector<HTMLElement>(`#${LIST} [data-captioning]`)
  if (!panel) return
  const video = await pollVideo(panel.dataset.captioning ?? '', {
    isDone: ({ captioning }) => !isUnderWay(captioning),
    mark: ({ captioning }) => `${captioning?.state} ${captioning?.percent}`,
    onAnswer: ({ captioning }) => isUnderWay(captioning) && show(panel, captioning),
  }).catch(() => null)
  // The video is gone, or the page belongs to nobody any more: what it says stays.
  if (!video || !(await renew())) return
  announce(endText(video.captioning))
}

/** What is done, as the page words it. Pure. */
export function captioningText({ state, percent }: Captioning): string {
  return state === 'waiting' ? 'Waiting for the engine' : `Listening to the video, ${percent} %`
}

export function endText(captioning: Captioning | null): string {
  if (captioning?.state !== 'failed') return 'The captions are there.'
  return `No captions were made. ${captioning.error ?? ''}`.trim()
}

const isUnderWay = (captioning: Captioning | null): captioning is Captioning =>
  captioning?.state === 'waiting' || captioning?.state === 'working'

function show(panel: HTMLElement, captioning: Captioning): void {
  const words = panel.querySelector('[data-role="words"]')
  const bar = panel.querySelector('progress')
  if (words) words.textContent = captioningText(captioning)
  if (bar) bar.value = captioning.percent
}

/** False when the page cannot be had now. */
async function renew(): Promise<boolean> {
  const response = await fetch(location.pathname).catch(() => null)
  if (!response?.ok) return false
  const page = new DOMParser().parseFromString(await response.text(), 'text/html')
  const fresh = page.getElementById(LIST)
  const list = document.getElementById(LIST)
  if (!fresh || !list) return false
  list.replaceWith(document.adoptNode(fresh))
  return true
}
