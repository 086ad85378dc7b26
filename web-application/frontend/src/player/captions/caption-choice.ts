// The caption track that a viewer's wish means in this video. Pure.

export interface CaptionWish {
  isOn: boolean
  /** As BCP 47 has it; empty until one was chosen. */
  language: string
}

/**
 * The place of the track to show, or -1 for none.
 *
 * Who needs captions is helped by those of another language, too: first one that the browser's own list names.
 */
export function trackFor(
  languages: readonly string[],
  { isOn, language }: CaptionWish,
  preferred: readonly string[],
): number {
  if (!isOn || languages.length === 0) return -1
  for (const wanted of [language, ...preferred]) {
    const place = placeOf(languages, wanted)
    if (place >= 0) return place
  }
  return 0
}

/** Of this language, else of another region of it: `de` for `de-AT`. */
function placeOf(languages: readonly string[], wanted: string): number {
  if (!wanted) return -1
  const exact = languages.findIndex((language) => language.toLowerCase() === wanted.toLowerCase())
  return exact >= 0 ? exact : languages.findIndex((language) => primary(language) === primary(wanted))
}

const primary = (language: string): string => language.toLowerCase().split('-')[0] ?? ''
