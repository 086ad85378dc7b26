// Older comments join those that are shown, while the video plays on. Without a script they are another page.
import { announce } from '../ui/announce'
import { opensElsewhere } from '../ui/opens-elsewhere'

const MOST_SKELETONS = 3

export function startOlderComments(): void {
  document.addEventListener('click', (event) => {
    const link = (event.target as Element).closest<HTMLAnchorElement>('#comments [data-older] a')
    if (!link || opensElsewhere(event)) return
    event.preventDefault()
    void showOlder(link)
  })
}

async function showOlder(link: HTMLAnchorElement): Promise<void> {
  const pages = link.closest('[data-older]')
  if (!pages || pages.getAttribute('aria-busy') === 'true') return
  pages.setAttribute('aria-busy', 'true')
  const skeletons = skeletonsBefore(pages)
  const older = await commentsAt(link.href)
  for (const skeleton of skeletons) skeleton.remove()
  // What the link leads to says why.
  if (!older) return location.assign(link.href)
  pages.replaceWith(...older)
  const first = older.find((part) => part.matches('article'))
  if (first) focusOn(first)
  announce(`${older.filter((part) => part.matches('article')).length} older comments`)
}

function skeletonsBefore(place: Element): Element[] {
  const template = document.getElementById('comment-skeleton') as HTMLTemplateElement
  const skeletons = Array.from({ length: MOST_SKELETONS }, () =>
    document.importNode(template.content, true),
  ).flatMap(({ firstElementChild }) => firstElementChild ?? [])
  place.before(...skeletons)
  return skeletons
}

/** Those of the page at `url` that are not shown yet, with the way to still older ones; null without such a page. */
async function commentsAt(url: string): Promise<Element[] | null> {
  const response = await fetch(url).catch(() => null)
  if (!response?.ok) return null
  const page = new DOMParser().parseFromString(await response.text(), 'text/html')
  const parts = page.querySelectorAll('#comments > article.comment, #comments > [data-older]')
  if (!page.getElementById('comments')) return null
  return [...parts].filter(({ id }) => !id || !document.getElementById(id))
}

/** The button that had the focus is gone: what it brought has it now. */
function focusOn(comment: Element): void {
  comment.setAttribute('tabindex', '-1')
  ;(comment as HTMLElement).focus({ preventScroll: true })
}
