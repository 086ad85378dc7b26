// Whoever opens a hit at the second where it is said wants to hear it: the video begins there by itself.
import { announceArrival } from '../player/next/arrival'
import { opensElsewhere } from '../ui/opens-elsewhere'

export function startSpokenHits(): void {
  document.addEventListener('click', (event) => {
    if (opensElsewhere(event)) return
    const link = (event.target as Element).closest<HTMLAnchorElement>('.hit .cue')
    if (link) announceArrival(link.href)
  })
}
