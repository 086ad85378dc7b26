// "Start at 1:23" in the share sheet.
import { clock } from './words'

export function startShare(now: () => number): void {
  const dialog = document.getElementById('share')
  const link = document.getElementById('share-link')
  const box = document.getElementById('share-at')
  const time = document.getElementById('share-time')
  if (!(link instanceof HTMLInputElement) || !(box instanceof HTMLInputElement) || !dialog || !time) return
  const plain = link.value
  let seconds = 0

  const show = () => {
    time.textContent = clock(seconds)
    link.value = box.checked ? `${plain}?t=${Math.floor(seconds)}` : plain
  }
  box.addEventListener('change', show)
  document.querySelector('[data-dialog="share"]')?.addEventListener('click', () => {
    seconds = now()
    show()
  })
}
