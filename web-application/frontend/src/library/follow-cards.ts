// Cards of unfinished videos follow their progress, and become the server's own finished card.
import { pollVideo, type Video } from '../api/videos'
import { renewCards } from './fresh-cards'

const WORDS: Partial<Record<Video['status'], string>> = { uploading: 'Uploading', processing: 'Processing' }

export function followCards(): void {
  for (const card of document.querySelectorAll<HTMLElement>('.card[data-state="busy"]')) void followCard(card)
}

/** Of a card that is not busy, nothing is followed. */
export async function followCard(card: HTMLElement): Promise<void> {
  if (card.dataset.state !== 'busy') return
  const hasBegun = Boolean(card.querySelector('progress')?.value)
  const finished = await pollVideo(card.dataset.video ?? '', {
    mark: ({ status, progress }) => `${status} ${progress}`,
    onAnswer: (video) => show(card, video),
    maxDelayMs: hasBegun ? 5000 : 15_000,
  }).catch(() => null)
  if (finished) await renewCards([card])
}

function show(card: HTMLElement, { status, progress }: Video): void {
  const words = card.querySelector('[data-state-word]')
  const bar = card.querySelector('progress')
  if (words && WORDS[status]) words.textContent = `${WORDS[status]} ${progress} %`
  if (bar) bar.value = progress
}
