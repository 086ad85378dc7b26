// Links to a time of this page's video seek instead of loading the page anew: in descriptions, comments, chapters.
import { linkedSeconds } from './position'

export function startTimeLinks(root: HTMLElement, seek: (seconds: number) => void): void {
  document.addEventListener('click', (event) => {
    // With these keys, a link opens elsewhere.
    if (event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return
    const address = (event.target as Element).closest('a[href^="?t="]')?.getAttribute('href')
    const seconds = address ? linkedSeconds(address) : null
    if (seconds === null) return
    event.preventDefault()
    seek(seconds)
    root.scrollIntoView({ block: 'nearest' })
  })
}
