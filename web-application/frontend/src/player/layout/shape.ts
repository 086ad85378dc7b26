// The shape of the player where the page did not know it: of a video that was not ready, or of its previews.
const SVG = 'http://www.w3.org/2000/svg'

/** Give the player the shape of this picture; nothing changes while its size is not known. */
export function takeShape(root: HTMLElement, width: number | null, height: number | null): void {
  if (!width || !height) return
  const shape = root.querySelector('.player__shape') ?? document.createElementNS(SVG, 'svg')
  shape.setAttribute('class', 'player__shape')
  shape.setAttribute('viewBox', `0 0 ${width} ${height}`)
  shape.setAttribute('aria-hidden', 'true')
  root.prepend(shape)
  root.dataset.shape = 'own'
  root.style.setProperty('--shape', String(width / height))
}
