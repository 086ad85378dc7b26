/** `desert, Morocco ,` as a list: trimmed, without repetition, empty ones left out. */
export function splitTags(text: string): string[] {
  return [
    ...new Set(
      text
        .split(',')
        .map((tag) => tag.trim())
        .filter(Boolean),
    ),
  ]
}
