// While it plays and nobody moves, the bar and the pointer leave the picture.
const IDLE_MS = 2000

export function startIdle(root: HTMLElement, mayHide: () => boolean): { wake: () => void } {
  let timer: ReturnType<typeof setTimeout> | undefined
  const hide = () => {
    if (mayHide()) root.dataset.idle = 'true'
  }
  const wake = () => {
    delete root.dataset.idle
    clearTimeout(timer)
    timer = setTimeout(hide, IDLE_MS)
  }
  for (const event of ['pointermove', 'pointerdown', 'keydown', 'focusin'] as const)
    root.addEventListener(event, wake)
  root.addEventListener('pointerleave', (event) => {
    if (event.pointerType === 'mouse') hide()
  })
  return { wake }
}
