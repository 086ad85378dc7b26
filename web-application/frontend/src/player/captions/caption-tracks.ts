// Caption tracks of a <video>, one of which is read at most.
import type { Caption } from '../../api/captions'

const KINDS = new Set(['captions', 'subtitles'])

/** Tracks with lines that are heard or said; not chapters, not what a stream brings along. */
export function captionTracks(video: HTMLVideoElement): TextTrack[] {
  return [...video.querySelectorAll('track')].map(({ track }) => track).filter(({ kind }) => KINDS.has(kind))
}

/** Add what the page did not know yet, and remove what is gone: captions may be made while somebody watches. */
export function updateTracks(video: HTMLVideoElement, captions: readonly Caption[]): void {
  const elements = [...video.querySelectorAll('track')].filter(({ kind }) => KINDS.has(kind))
  for (const element of elements)
    if (!captions.some(({ language }) => language === element.srclang)) element.remove()
  for (const caption of captions)
    if (!elements.some(({ srclang }) => srclang === caption.language)) video.append(elementOf(caption))
}

export function trackLabel({ label, language }: Pick<TextTrack, 'label' | 'language'>): string {
  return label || languageName(language) || 'Captions'
}

function elementOf({ language, label, kind, url }: Caption): HTMLTrackElement {
  return Object.assign(document.createElement('track'), { kind, srclang: language, label, src: url })
}

/** `German` for `de`; the tag itself when it names no language. */
function languageName(language: string): string {
  try {
    return new Intl.DisplayNames(['en'], { type: 'language' }).of(language) ?? language
  } catch {
    return language
  }
}
