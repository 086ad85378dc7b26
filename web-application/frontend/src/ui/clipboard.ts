// Copying text. <button data-copy="text"> or <button data-copy-from="id of a field"> copies it and says so.
import { announce } from './announce'

const SHOWN_MS = 2000

/** False without permission: plain http on another host, or a person who said no. */
export async function copyText(text: string): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(text)
    return true
  } catch {
    return false
  }
}

export function startCopyButtons(): void {
  document.addEventListener('click', (event) => {
    const button = (event.target as Element).closest<HTMLButtonElement>(
      'button[data-copy], button[data-copy-from]',
    )
    if (button) void copyFrom(button)
  })
}

async function copyFrom(button: HTMLButtonElement): Promise<void> {
  const field = fieldOf(button)
  const isCopied = await copyText(field?.value ?? button.dataset.copy ?? '')
  // Else the text is selected, one key away from copied.
  if (!isCopied) field?.select()
  announce(isCopied ? 'Copied' : 'Press Ctrl and C to copy')

  const label = button.querySelector('.label')
  if (!label || button.dataset.answered) return
  const text = label.textContent
  button.dataset.answered = 'true'
  label.textContent = isCopied ? 'Copied' : 'Press Ctrl+C'
  setTimeout(() => {
    label.textContent = text
    delete button.dataset.answered
  }, SHOWN_MS)
}

function fieldOf(button: HTMLButtonElement): HTMLInputElement | HTMLTextAreaElement | null {
  const field = document.getElementById(button.dataset.copyFrom ?? '')
  return field instanceof HTMLInputElement || field instanceof HTMLTextAreaElement ? field : null
}
