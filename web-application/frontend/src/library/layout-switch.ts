// Grid or list. Kept in a cookie, as the theme is: the server writes it into the page, and nothing moves.
const YEAR_SECONDS = 31_536_000

export function startLayoutSwitch(grid: HTMLElement): void {
  const group = document.getElementById('layout')
  group?.addEventListener('click', (event) => {
    const chosen = (event.target as Element).closest('button')
    if (!chosen) return
    grid.dataset.layout = chosen.value
    document.cookie = `layout=${chosen.value}; Path=/; Max-Age=${YEAR_SECONDS}; SameSite=Lax`
    for (const button of group.querySelectorAll('button')) {
      button.setAttribute('aria-pressed', String(button === chosen))
    }
  })
}
