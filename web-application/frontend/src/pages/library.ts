// The library and a channel: live cards, previews under the pointer, hits that play, selection with its bar,
// keys, grid or list.
import { startBulkBar } from '../library/bulk-bar'
import { startCardPreviews } from '../library/card-preview'
import { followCards } from '../library/follow-cards'
import { startGridKeys } from '../library/grid-keys'
import { startLayoutSwitch } from '../library/layout-switch'
import { startSpokenHits } from '../search/spoken-hits'

for (const select of document.querySelectorAll<HTMLSelectElement>('select[data-submit]')) {
  select.addEventListener('change', () => submit(select.form))
}

// What narrows nothing stays out of the address.
function submit(form: HTMLFormElement | null): void {
  const unset = [...(form?.elements ?? [])].filter(
    (element) => element instanceof HTMLSelectElement && element.value === '',
  ) as HTMLSelectElement[]
  for (const select of unset) select.disabled = true
  form?.submit()
  // The browser may bring this page back as it was left.
  for (const select of unset) select.disabled = false
}
followCards()
startSpokenHits()
// Shelves are grids, too, with less that can be done.
startCardPreviews(document.querySelectorAll<HTMLElement>('.grid, .hits'))
const grid = document.querySelector<HTMLElement>('[data-grid]')
if (grid) {
  startLayoutSwitch(grid)
  startBulkBar(grid)
  startGridKeys(grid)
}
