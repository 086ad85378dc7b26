// Keys and their actions. Pure: the player does it.
export type Action = VideoAction | PartAction

/** Done to the <video> itself. */
export type VideoAction =
  | { do: 'play' | 'mute' | 'full' | 'pip' }
  | { do: 'skip'; seconds: number }
  | { do: 'jump'; share: number }
  | { do: 'volume'; step: number }
  | { do: 'speed' | 'frame'; step: 1 | -1 }

/** Done by another part of the player, or of its page. */
type PartAction =
  | { do: 'theater' | 'captions' | 'loop' | 'next' }
  | { do: 'chapter' | 'caption-size'; step: 1 | -1 }

const KEYS: Record<string, Action> = {
  ' ': { do: 'play' },
  k: { do: 'play' },
  j: { do: 'skip', seconds: -10 },
  l: { do: 'skip', seconds: 10 },
  ArrowLeft: { do: 'skip', seconds: -5 },
  ArrowRight: { do: 'skip', seconds: 5 },
  ArrowUp: { do: 'volume', step: 0.05 },
  ArrowDown: { do: 'volume', step: -0.05 },
  m: { do: 'mute' },
  f: { do: 'full' },
  t: { do: 'theater' },
  i: { do: 'pip' },
  c: { do: 'captions' },
  '+': { do: 'caption-size', step: 1 },
  '-': { do: 'caption-size', step: -1 },
  r: { do: 'loop' },
  n: { do: 'next' },
  // Above J and L, on most keyboards.
  u: { do: 'chapter', step: -1 },
  o: { do: 'chapter', step: 1 },
  Home: { do: 'jump', share: 0 },
  End: { do: 'jump', share: 1 },
  '<': { do: 'speed', step: -1 },
  '>': { do: 'speed', step: 1 },
  ',': { do: 'frame', step: -1 },
  '.': { do: 'frame', step: 1 },
}

/** The action of a key, or null when it is not ours. */
export function actionOf(key: string): Action | null {
  if (/^[0-9]$/.test(key)) return { do: 'jump', share: Number(key) / 10 }
  return KEYS[key] ?? KEYS[key.toLowerCase()] ?? null
}

/** Keys by which the reader moves the page; ours only while the focus is in the player. */
export const SCROLLS = new Set([' ', 'ArrowUp', 'ArrowDown', 'Home', 'End'])
