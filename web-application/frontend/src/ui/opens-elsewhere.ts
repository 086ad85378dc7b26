// Clicks on links that are the browser's alone.

/** True with a key by which the browser opens the link in another tab or window, or saves what it leads to. */
export function opensElsewhere({ ctrlKey, metaKey, shiftKey, altKey }: MouseEvent): boolean {
  return ctrlKey || metaKey || shiftKey || altKey
}
