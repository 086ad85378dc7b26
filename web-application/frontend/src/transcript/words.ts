// Words in a transcript, found whatever their case and accents. Pure.

/** Parts of a text, those that were searched for apart from the others. */
export interface Part {
  text: string
  isHit: boolean
}

const ACCENTS = /[\u0300-\u036f]/g

const fold = (text: string) => text.normalize('NFKD').replace(ACCENTS, '').toLowerCase()

/** The text in parts, or null without a hit. An empty search hits nothing and leaves the text whole. */
export function hitsIn(text: string, query: string): Part[] | null {
  const wanted = fold(query).trim()
  if (!wanted) return [{ text, isHit: false }]
  const letters = [...text]
  // Of each folded letter, the place of the letter it comes from: a letter may become several, or none.
  const origins = letters.flatMap((letter, place) => [...fold(letter)].map(() => place))
  const whole = [...letters.map(fold).join('')]
  const parts: Part[] = []
  let done = 0
  for (const at of placesOf([...wanted], whole)) {
    const [first, last] = [origins[at] ?? 0, origins[at + [...wanted].length - 1] ?? 0]
    if (first < done) continue
    if (first > done) parts.push({ text: letters.slice(done, first).join(''), isHit: false })
    parts.push({ text: letters.slice(first, last + 1).join(''), isHit: true })
    done = last + 1
  }
  if (parts.length === 0) return null
  if (done < letters.length) parts.push({ text: letters.slice(done).join(''), isHit: false })
  return parts
}

function placesOf(wanted: readonly string[], letters: readonly string[]): number[] {
  const isAt = (at: number) => wanted.every((letter, offset) => letters[at + offset] === letter)
  return letters.map((_, at) => at).filter(isAt)
}

/** Index of the last one that has begun by then; -1 before the first. starts: in order. */
export function lastBegun(starts: readonly number[], seconds: number): number {
  let [low, high] = [0, starts.length]
  while (low < high) {
    const middle = (low + high) >> 1
    if ((starts[middle] ?? 0) <= seconds) low = middle + 1
    else high = middle
  }
  return low - 1
}
