// Forms that change a part of the page while the video plays on. The server answers with the whole page, as it does
// without a script; the parts that a form names in data-swap are taken from it.
import { announce } from '../ui/announce'

const NO_CONNECTION = 'The site cannot be reached. Nothing was lost; try again in a moment.'
// The page to log in came instead of this one.
const LOGGED_OUT = 'You are logged out. Log in on another page, then try again here.'

export function startSwapping(): void {
  document.addEventListener('submit', (event) => {
    const form = event.target as HTMLFormElement
    const ids = form.dataset.swap?.split(' ')
    if (!ids) return
    event.preventDefault()
    void submit(form, event.submitter, ids)
  })
}

async function submit(form: HTMLFormElement, submitter: HTMLElement | null, ids: string[]): Promise<void> {
  const button = submitter instanceof HTMLButtonElement ? submitter : null
  // Before the button is disabled: a disabled one is not sent.
  const body = new FormData(form, submitter)
  const indexOfFocus = focusablesIn(ids).indexOf(document.activeElement as HTMLElement)
  if (button) button.disabled = true
  const answer = await fetch(form.action, { method: 'POST', body }).catch(() => null)
  const page = answer && new DOMParser().parseFromString(await answer.text(), 'text/html')
  if (button) button.disabled = false
  if (!answer?.ok || !page) return refuse(form, refusalIn(page))
  if (!ids.some((id) => page.getElementById(id))) return refuse(form, LOGGED_OUT)
  for (const id of ids) {
    const part = page.getElementById(id)
    if (part) document.getElementById(id)?.replaceWith(part)
  }
  showNotice(page.querySelector('.notes .notice'), ids)
  // The part that had the focus is gone. What stands in its place has it now, or the part as a whole.
  const focusables = focusablesIn(ids)
  focusables[Math.min(Math.max(indexOfFocus, 0), focusables.length - 1)]?.focus({ preventScroll: true })
}

/** What the page would say at its top stands at the top of the part: that is where people look. */
function showNotice(notice: Element | null, ids: string[]): void {
  if (!notice) return
  announce(textOf(notice))
  document.getElementById(ids[0] ?? '')?.prepend(notice)
}

/** The reason in the page that came instead. */
export function refusalIn(page: Document | null): string {
  if (!page) return NO_CONNECTION
  return textOf(page.querySelector('[role="alert"]:not([hidden]), .error, h1')) || NO_CONNECTION
}

function refuse(form: HTMLFormElement, reason: string): void {
  const place = form.querySelector<HTMLElement>('[data-role="refusal"]')
  // Nothing is typed into such a form: the page that answers it may say why.
  if (!place) return reason === NO_CONNECTION ? announce(reason) : form.submit()
  place.textContent = reason
  place.hidden = false
}

const textOf = (element: Element | null) => element?.textContent?.trim() ?? ''

const focusablesIn = (ids: string[]) =>
  ids.flatMap((id) => [
    ...(document.getElementById(id)?.querySelectorAll<HTMLElement>('button, summary, textarea') ?? []),
  ])
