// Cards of unfinished videos follow their progress, and become the server's own finished card.
import { pollVideo, type Video } from '../api/videos'
import { cardProgress } from './card-progress'
import { renewCards } from './fresh-cards'

export function followCards(): void {
  for (const card of document.querySelectorAll<HTMLElement>('.card[data-state="busy"]')) void followCard(card)
}

/** Of a card that is not busy, nothing is followed. */
export async function followCard(card: HTMLElement): Promise<void> {
  if (card.dataset.state !== 'busy') return
  const hasBegun = Boolean(card.querySelector('progress')?.value)
  const finished = await pollVideo(card.dataset.video ?? '', {
    onAnswer: (video) => show(card, video),
    maxDelayMs: hasBegun ? 5000 : 15_000,
  }).catch(() => null)
  if (finished) await renewCards([card])
}

function show(card: HTMLElement, video: Video): void {
  const { words, left } = cardProgress(video)
  write(card, '[data-state-word]', words)
  write(card, '[data-time-left]', left)
  const bar = card.querySelector('progress')
  if (bar) bar.value = video.progress
  for (const drawing of card.querySelectorAll<HTMLElement>('.thumb__state [data-when]'))
    drawing.hidden = drawing.dataset.when !== video.status
}

function write(card: HTMLElement, selector: string, words: string): void {
  const place = card.querySelector(selector)
  if (place) place.textContent = words
}
