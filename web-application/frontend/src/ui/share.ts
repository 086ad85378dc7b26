// The share sheet: link and code that start at 1:23, and the sheet of the device.
import { clock } from './words'

const field = (id: string) => document.getElementById(id) as HTMLInputElement | null

/** A link or code in which the video at `address` starts at this second. */
export const startingAt = (text: string, address: string, seconds: number): string =>
  text.replace(address, () => `${address}?t=${Math.floor(seconds)}`)

/** Offer to start at the second that is shown as the sheet opens. */
export function startShareAt(now: () => number): void {
  const box = field('share-at')
  const time = document.getElementById('share-time')
  const fields = [field('share-link'), field('share-embed')].filter((found) => found !== null)
  if (!box || !time || fields.length === 0) return
  const plain = fields.map(({ value }) => value)
  let seconds = 0

  const show = () => {
    time.textContent = clock(seconds)
    fields.forEach((input, index) => {
      const text = plain[index] ?? ''
      input.value = box.checked ? startingAt(text, input.dataset.address ?? text, seconds) : text
    })
  }
  box.closest('label')?.removeAttribute('hidden')
  box.addEventListener('change', show)
  document.querySelector('[data-dialog="share"]')?.addEventListener('click', () => {
    seconds = now()
    show()
  })
}

/** Offer the apps of the device, where it has such a sheet. */
export function startDeviceShare(): void {
  const button = document.getElementById('share-device')
  const link = field('share-link')
  if (!button || !link || !navigator.share) return
  button.hidden = false
  button.addEventListener('click', () => {
    // Whoever closes the sheet has shared nothing, and knows it.
    navigator.share({ title: button.dataset.title ?? '', url: link.value }).catch(() => undefined)
  })
}
