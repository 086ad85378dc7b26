/** Ask before something is lost. True when the person said yes; Escape and "Keep it" are no. */
export function confirmLoss(title: string, text: string, yes: string): Promise<boolean> {
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
