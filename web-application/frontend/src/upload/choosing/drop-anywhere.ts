// Files dropped or pasted anywhere on the page, outside the box that takes them by itself.
export function startDropAnywhere(box: HTMLElement, take: (file: File) => void): void {
  let depth = 0
  const show = () => box.classList.toggle('is-over', depth > 0)

  window.addEventListener('dragenter', (event) => {
    if (!hasFiles(event.dataTransfer)) return
    depth += 1
    show()
  })
  window.addEventListener('dragleave', (event) => {
    if (!hasFiles(event.dataTransfer)) return
    depth = Math.max(0, depth - 1)
    show()
  })
  window.addEventListener('dragover', (event) => {
    if (hasFiles(event.dataTransfer)) event.preventDefault()
  })
  // In the capture phase: the box stops its own drops, but the highlight must end all the same.
  window.addEventListener(
    'drop',
    () => {
      depth = 0
      show()
    },
    true,
  )
  window.addEventListener('drop', (event) => {
    if (event.defaultPrevented || !hasFiles(event.dataTransfer)) return
    event.preventDefault()
    for (const file of event.dataTransfer?.files ?? []) take(file)
  })
  window.addEventListener('paste', (event) => {
    if (event.defaultPrevented) return
    for (const file of event.clipboardData?.files ?? []) take(file)
  })
}

const hasFiles = (data: DataTransfer | null) => data?.types.includes('Files') ?? false
