// Tells a screen reader something politely; the eye sees it elsewhere on the page.
export function announce(text: string): void {
  const region = document.getElementById('announcer')
  if (region) region.textContent = text
}
