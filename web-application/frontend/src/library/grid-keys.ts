// Keys in the grid of cards: arrows move, Space selects. Enter follows the card's link by itself.
import { isTyping } from '../ui/shortcuts'
import { columnsOf, stepFrom } from './grid-step'

export function startGridKeys(grid: HTMLElement): void {
  grid.addEventListener('keydown', (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target)) return
    const card = (event.target as Element).closest<HTMLElement>('.card')
    if (!card || !(event.target as Element).matches('.card__link')) return
    if (event.key === ' ') {
      event.preventDefault()
      card.querySelector<HTMLInputElement>('[data-select]')?.click()
      return
    }
    const next = cardAfter(grid, card, event.key)
    if (!next) return
    event.preventDefault()
    next.querySelector<HTMLElement>('.card__link')?.focus()
  })
}

function cardAfter(grid: HTMLElement, card: HTMLElement, key: string): HTMLElement | null {
  const cards = [...grid.querySelectorAll<HTMLElement>('.card')]
  const columns = columnsOf(cards.map((one) => one.getBoundingClientRect().top))
  const isRightToLeft = getComputedStyle(grid).direction === 'rtl'
  const place = stepFrom(cards.indexOf(card), key, { count: cards.length, columns, isRightToLeft })
  return place === null ? null : (cards[place] ?? null)
}
