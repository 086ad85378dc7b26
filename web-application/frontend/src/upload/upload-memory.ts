// Which file an upload into the bucket was begun with, kept in this browser: parts of two files must not mix.
const PREFIX = 'upload:'

/** Remember the file of a video. Where nothing can be stored, an upload starts anew after a reload. */
export function remember(videoId: string, file: File): void {
  try {
    localStorage.setItem(PREFIX + videoId, fingerprint(file))
  } catch {
    // Private windows may refuse.
  }
}

export function isRemembered(videoId: string, file: File): boolean {
  try {
    return localStorage.getItem(PREFIX + videoId) === fingerprint(file)
  } catch {
    return false
  }
}

export function forget(videoId: string): void {
  try {
    localStorage.removeItem(PREFIX + videoId)
  } catch {
    // Then there is nothing to forget either.
  }
}

const fingerprint = ({ name, size, lastModified }: File) => `${size} ${lastModified} ${name}`
