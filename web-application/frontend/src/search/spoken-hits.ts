// Whoever opens a hit at the second where it is said wants to hear it: the video begins there by itself.
import { announceArrival } from '../player/next/arrival'

export function startSpokenHits(): void {
  document.addEventListener('click', (event) => {
    // With these keys, a link opens elsewhere.
    if (event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return
    const link = (event.target as Element).closest<HTMLAnchorElement>('.hit .cue')
    if (link) announceArrival(link.href)
  })
}
