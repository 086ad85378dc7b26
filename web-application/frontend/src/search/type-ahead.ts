// The search field of every page offers what begins as one types.
import { fetchSuggestions } from '../api/suggestions'
import { latest } from './latest'
import { SuggestionList } from './suggestion-list'

export function startTypeAhead(): void {
  const field = document.getElementById('q')
  const box = document.getElementById('suggestions')
  const address = box?.dataset.address
  if (!(field instanceof HTMLInputElement) || !box || !address) return

  const list = new SuggestionList(field, box, (url) => location.assign(url))
  const ask = latest({
    ask: async (text) => (text ? fetchSuggestions(address, text) : []),
    show: (suggestions) => {
      // It may have been left meanwhile.
      if (document.activeElement === field) list.show(suggestions)
    },
  })
  field.addEventListener('input', () => void ask(field.value.trim()))
  field.addEventListener('blur', () => list.close())
  field.addEventListener('keydown', (event) => {
    // Of a word that is still composed, as in Japanese, keys are not for the list.
    if (!event.isComposing && list.press(event.key)) event.preventDefault()
  })
}
