// The library page: live cards, previews under the pointer, selection with its bar, keys, grid or list.
import { startBulkBar } from '../library/bulk-bar'
import { startCardPreviews } from '../library/card-preview'
import { followCards } from '../library/follow-cards'
import { startGridKeys } from '../library/grid-keys'
import { startLayoutSwitch } from '../library/layout-switch'
import { startDialogs } from '../ui/dialogs'

for (const select of document.querySelectorAll<HTMLSelectElement>('select[data-submit]')) {
  select.addEventListener('change', () => select.form?.submit())
}
followCards()
const grid = document.querySelector<HTMLElement>('[data-grid]')
if (grid) {
  startLayoutSwitch(grid)
  startCardPreviews(grid)
  startBulkBar(grid)
  startGridKeys(grid)
  startDialogs()
}
