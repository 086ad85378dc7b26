// Links to a time of this page's video seek instead of loading the page anew: in descriptions, comments, chapters
// and the transcript.
import { linkedSeconds } from './position'

export function startTimeLinks(root: HTMLElement, seek: (seconds: number) => void): void {
  document.addEventListener('click', (event) => {
    // With these keys, a link opens elsewhere.
    if (event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return
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
