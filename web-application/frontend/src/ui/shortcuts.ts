// "/" goes to the search field from anywhere, but never while typing.
import { isTyping } from './typing'

export function startSearchKey(): void {
  const field = document.getElementById('q')
  if (!(field instanceof HTMLInputElement)) return
  const enter = () => {
    field.focus()
    field.select()
  }

  document.addEventListener('keydown', (event) => {
    if (event.key !== '/' || event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target)) return
    event.preventDefault()
    enter()
  })
  for (const link of document.querySelectorAll('a[href="#q"]')) {
    link.addEventListener('click', (event) => {
      event.preventDefault()
      enter()
    })
  }
}
