// A page that is opened by the end of the last video, or by a hit in what is said, begins by itself, once.
const KEY = 'cattube:play-on'

/** Remembered for this tab alone. Where nothing can be remembered, the next page waits to be asked. */
export function announceArrival(url: string): void {
  try {
    sessionStorage.setItem(KEY, pathOf(url))
  } catch {
    // Then there is nobody to tell.
  }
}

/** True once on the page that was announced. */
export function hasArrived(): boolean {
  try {
    const announced = sessionStorage.getItem(KEY)
    sessionStorage.removeItem(KEY)
    return announced === location.pathname
  } catch {
    return false
  }
}

const pathOf = (url: string): string => new URL(url, location.href).pathname
