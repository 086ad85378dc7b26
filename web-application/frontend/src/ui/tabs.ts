// Tabs, of which one panel is shown. Without a script all panels are.
export function startTabs(list: HTMLElement): void {
  const tabs = [...list.querySelectorAll<HTMLElement>('[role="tab"]')]
  const panelOf = (tab: HTMLElement) => document.getElementById(tab.getAttribute('aria-controls') ?? '')

  const select = (chosen: HTMLElement) => {
    for (const tab of tabs) {
      const isChosen = tab === chosen
      tab.setAttribute('aria-selected', String(isChosen))
      tab.tabIndex = isChosen ? 0 : -1
      panelOf(tab)?.toggleAttribute('hidden', !isChosen)
    }
  }
  for (const tab of tabs) {
    const panel = panelOf(tab)
    panel?.setAttribute('role', 'tabpanel')
    panel?.setAttribute('aria-labelledby', tab.id)
  }
  list.addEventListener('click', ({ target }) => {
    const tab = (target as Element).closest<HTMLElement>('[role="tab"]')
    if (tab) select(tab)
  })
  list.addEventListener('keydown', (event) => {
    const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key]
    const at = tabs.indexOf(event.target as HTMLElement)
    const next = step === undefined || at < 0 ? undefined : tabs.at((at + step) % tabs.length)
    if (!next) return
    event.preventDefault()
    select(next)
    next.focus()
  })
  list.hidden = false
  if (tabs[0]) select(tabs[0])
}
