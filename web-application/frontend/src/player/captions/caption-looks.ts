// Sizes and backgrounds of captions; styles follow the attributes of the player. Pure but for `showLooks`.

export const SIZES = ['small', 'medium', 'large', 'huge'] as const
export const BACKGROUNDS = ['none', 'half', 'full'] as const

export interface CaptionLooks {
  size: (typeof SIZES)[number]
  background: (typeof BACKGROUNDS)[number]
}

export const SIZE_WORDS: Record<CaptionLooks['size'], string> = {
  small: 'Small',
  medium: 'Medium',
  large: 'Large',
  huge: 'Very large',
}

export const BACKGROUND_WORDS: Record<CaptionLooks['background'], string> = {
  none: 'None',
  half: 'Half',
  full: 'Solid',
}

/** The next size in this direction; the last one stays. */
export function nextSize(size: CaptionLooks['size'], step: 1 | -1): CaptionLooks['size'] {
  return SIZES[SIZES.indexOf(size) + step] ?? size
}

export function showLooks(root: HTMLElement, { size, background }: CaptionLooks): void {
  root.dataset.captionSize = size
  root.dataset.captionBackground = background
}
