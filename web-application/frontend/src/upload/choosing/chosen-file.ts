// A file that was chosen: what is wrong with it before its first byte moves, and the title it begins with. Pure.
import { excess } from '../../ui/words'

const MAX_TITLE_CHARACTERS = 200
export const MAX_NAME_CHARACTERS = 255

/** A sentence for the tray, or null when the file may go. */
export function refusal(file: { name: string; size: number; type: string }, maxBytes: number): string | null {
  if (file.size === 0) return 'Not uploaded: the file is empty'
  if (file.size > maxBytes) return `Not uploaded: the file has ${excess(file.size, maxBytes)}`
  if (!mayBeVideo(file)) return 'Not uploaded: this is not a video'
  return null
}

// Browsers know few video types, so only what is surely something else is refused; the engine judges the rest.
function mayBeVideo({ name, type }: { name: string; type: string }): boolean {
  if (type === '' || type === 'application/octet-stream' || type === 'application/mxf') return true
  if (/\.(mp4|m4v|mov|mkv|webm|avi|ogv|ogg|mpe?g|m?ts|m2ts|3gp|flv|wmv|mxf)$/i.test(name)) return true
  return type.startsWith('video/') || type === 'application/x-matroska' || type === 'application/ogg'
}

/** The name without extension, underscores as spaces, as much of it as a title holds. */
export function titleFromName(name: string): string {
  const words = name
    .replace(/\.[A-Za-z0-9]{1,5}$/, '')
    .replaceAll('_', ' ')
    .trim()
  return beginning(shows(words) ? words : name, MAX_TITLE_CHARACTERS)
}

// Fillers are letters and symbols to Unicode, but people see nothing.
function shows(text: string): boolean {
  return /[\p{L}\p{N}\p{P}\p{S}]/u.test(text.replace(/[\u115f\u1160\u3164\uffa0\u2800]/g, ''))
}

/** As many whole characters, as people see them, as fit in `most` code points: never half an emoji. */
export function beginning(text: string, most: number): string {
  let taken = ''
  let left = most
  for (const { segment } of new Intl.Segmenter().segment(text)) {
    left -= [...segment].length
    if (left < 0) break
    taken += segment
  }
  return taken
}
