// Dialogs of a page. <button data-dialog="id"> opens that <dialog>; a click beside it closes it.
export function startDialogs(): void {
  document.addEventListener('click', (event) => {
    const target = event.target as Element
    const id = target.closest<HTMLElement>('[data-dialog]')?.dataset.dialog
    const dialog = id ? document.getElementById(id) : null
    if (dialog instanceof HTMLDialogElement) dialog.showModal()
    else if (target instanceof HTMLDialogElement && target.open) target.close()
  })
}
