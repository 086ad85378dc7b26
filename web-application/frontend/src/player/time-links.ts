// Links to a time of this page's video seek instead of loading the page anew: in descriptions, comments, chapters
// and the transcript.
import { opensElsewhere } from '../ui/opens-elsewhere'
import { linkedSeconds } from './position'

export function startTimeLinks(root: HTMLElement, seek: (seconds: number) => void): void {
  document.addEventListener('click', (event) => {
    if (opensElsewhere(event)) return
    const link = (event.target as Element).closest<HTMLAnchorElement>('a[href^="?t="]')
    const seconds = link ? secondsOf(link) : null
    if (seconds === null) return
    event.preventDefault()
    seek(seconds)
    root.scrollIntoView({ block: 'nearest' })
  })
}

/** An address has whole seconds; where a place begins between two, its link says so. */
function secondsOf(link: HTMLAnchorElement): number | null {
  const { seconds } = link.dataset
  return seconds === undefined ? linkedSeconds(link.getAttribute('href') ?? '') : Number(seconds)
}
