const MAX_TITLE_CHARACTERS = 200

/** The title a file begins with: its name without extension, underscores as spaces. */
export function titleFromName(name: string): string {
  const words = name
    .replace(/\.[A-Za-z0-9]{1,5}$/, '')
    .replaceAll('_', ' ')
    .trim()
  return (words || name).slice(0, MAX_TITLE_CHARACTERS)
}
