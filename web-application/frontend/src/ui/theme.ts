// Light, dark, or as the system says. Kept in a cookie: the server writes it into the page, and nothing flashes.
type Theme = 'light' | 'dark' | 'system'

const YEAR_SECONDS = 31_536_000

export function startThemeSwitch(): void {
  const group = document.getElementById('theme')
  if (!group) return
  const buttons = [...group.querySelectorAll('button')]
  const show = (theme: Theme) => {
    for (const button of buttons) button.setAttribute('aria-pressed', String(button.value === theme))
  }

  show(currentTheme())
  group.hidden = false
  group.addEventListener('click', (event) => {
    const button = (event.target as Element).closest('button')
    if (!button) return
    choose(button.value as Theme)
    show(button.value as Theme)
  })
}

function currentTheme(): Theme {
  const chosen = document.documentElement.dataset.theme
  return chosen === 'light' || chosen === 'dark' ? chosen : 'system'
}

function choose(theme: Theme): void {
  const lifetime = theme === 'system' ? 0 : YEAR_SECONDS
  document.cookie = `theme=${theme}; Path=/; Max-Age=${lifetime}; SameSite=Lax`
  if (theme === 'system') delete document.documentElement.dataset.theme
  else document.documentElement.dataset.theme = theme
}
