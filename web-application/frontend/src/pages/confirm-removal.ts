// The question before something is removed from the upload page.
import type { FileUpload } from '../upload/file-upload'
import { hasUnsentBytes } from '../upload/tray/status-line'

/** Ask before an upload is cancelled or a video is deleted. */
export function confirmRemoval({ video, title: fallback, state }: FileUpload): Promise<boolean> {
  const title = video?.title ?? fallback
  return hasUnsentBytes(state)
    ? ask(
        `Cancel “${title}”?`,
        'What was sent so far is deleted, and its link stops working.',
        'Cancel upload',
      )
    : ask(`Delete “${title}”?`, 'The video and its link are gone forever.', 'Delete')
}

/** True when the person said yes; Escape and "Keep it" are no. */
function ask(title: string, text: string, yes: string): Promise<boolean> {
  const dialog = document.getElementById('confirm') as HTMLDialogElement
  const part = (selector: string) => dialog.querySelector(selector) as HTMLElement
  part('h2').textContent = title
  part('[data-role="text"]').textContent = text
  part('[data-role="yes"]').textContent = yes
  dialog.returnValue = ''
  dialog.showModal()
  return new Promise((resolve) => {
    dialog.addEventListener('close', () => resolve(dialog.returnValue === 'yes'), { once: true })
  })
}
