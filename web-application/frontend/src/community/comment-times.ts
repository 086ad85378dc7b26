// A new comment may name the moment that is shown.
import { clock } from '../ui/words'

/** The video that plays on this page. */
const playing = () => document.querySelector<HTMLVideoElement>('[data-player] video')

export function startCommentTimes(): void {
  document.addEventListener('focusin', (event) => {
    if ((event.target as Element).matches('#say')) offerMoment()
  })
}

/** "at 7:09", for the moment at which somebody began to write. */
export function offerMoment(): void {
  const offer = document.querySelector<HTMLElement>('#comments [data-role="at"]')
  const seconds = Math.floor(playing()?.currentTime ?? 0)
  const box = offer?.querySelector('input')
  if (!offer || !box || seconds === 0 || box.checked) return
  box.value = String(seconds)
  const words = offer.querySelector('[data-role="at-time"]')
  if (words) words.textContent = clock(seconds)
  offer.hidden = false
}
