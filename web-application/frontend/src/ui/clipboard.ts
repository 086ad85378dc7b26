// <button data-copy="text"> or <button data-copy-from="id of a field">: copies it and says so.
import { announce } from './announce'

const SHOWN_MS = 2000

export function startCopyButtons(): void {
  document.addEventListener('click', (event) => {
    const button = (event.target as Element).closest<HTMLButtonElement>(
      'button[data-copy], button[data-copy-from]',
    )
    if (button) void copyAndSay(button)
  })
}

async function copyAndSay(button: HTMLButtonElement): Promise<void> {
  const field = fieldOf(button)
  const copied = await copy(field?.value ?? button.dataset.copy ?? '')
  // Without permission (plain http on another host) the text is selected instead, one key away from copied.
  if (!copied) field?.select()
  announce(copied ? 'Copied' : 'Press Ctrl and C to copy')

  const label = button.querySelector('.label')
  if (!label || button.dataset.said) return
  const before = label.textContent
  button.dataset.said = 'true'
  label.textContent = copied ? 'Copied' : 'Press Ctrl+C'
  setTimeout(() => {
    label.textContent = before
    delete button.dataset.said
  }, SHOWN_MS)
}

function fieldOf(button: HTMLButtonElement): HTMLInputElement | HTMLTextAreaElement | null {
  const field = document.getElementById(button.dataset.copyFrom ?? '')
  return field instanceof HTMLInputElement || field instanceof HTMLTextAreaElement ? field : null
}

async function copy(text: string): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(text)
    return true
  } catch {
    return false
  }
}
