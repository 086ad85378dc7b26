// Cards of unfinished videos follow their progress, and become the server's own finished card.
import { fetchVideo, isFinished, type Video } from '../api/client'
import { waitFor } from '../api/wait-for'

const WORDS: Partial<Record<Video['status'], string>> = { uploading: 'Uploading', processing: 'Processing' }

for (const card of document.querySelectorAll<HTMLElement>('.card[data-state="busy"]')) void follow(card)
for (const select of document.querySelectorAll<HTMLSelectElement>('select[data-submit]')) {
  select.addEventListener('change', () => select.form?.submit())
}

async function follow(card: HTMLElement): Promise<void> {
  const id = card.dataset.video ?? ''
  const before = card.querySelector('progress')?.value
  const video = await waitFor(() => fetchVideo(id), {
    isDone: isFinished,
    mark: ({ status, progress }) => `${status} ${progress}`,
    onAnswer: (answer) => show(card, answer),
    maxDelayMs: before ? 5000 : 15_000,
  }).catch(() => null)
  if (video) await replace(card)
}

function show(card: HTMLElement, { status, progress }: Video): void {
  const words = card.querySelector('[data-state-word]')
  const bar = card.querySelector('progress')
  if (words && WORDS[status]) words.textContent = `${WORDS[status]} ${progress} %`
  if (bar) bar.value = progress
}

// The template knows how a finished card looks; asking it again keeps one truth.
async function replace(card: HTMLElement): Promise<void> {
  const answer = await fetch(location.href)
  const page = new DOMParser().parseFromString(await answer.text(), 'text/html')
  const fresh = page.querySelector(`.card[data-video="${card.dataset.video}"]`)
  if (fresh) card.replaceWith(document.adoptNode(fresh))
}
