// A file that was chosen: what is wrong with it before its first byte moves, and the title it begins with. Pure.
import { size } from '../ui/words'

const MAX_TITLE_CHARACTERS = 200

/** A sentence for the tray, or null when the file may go. */
export function refusal(file: { name: string; size: number; type: string }, maxBytes: number): string | null {
  if (file.size === 0) return 'Not uploaded: the file is empty'
  if (file.size > maxBytes) return `Not uploaded: the file is larger than ${size(maxBytes)}`
  if (!mayBeVideo(file)) return 'Not uploaded: this is not a video'
  return null
}

// Browsers know few video types, so only what is surely something else is refused; the engine judges the rest.
function mayBeVideo({ name, type }: { name: string; type: string }): boolean {
  if (type === '' || type === 'application/octet-stream' || type === 'application/mxf') return true
  if (/\.(mp4|m4v|mov|mkv|webm|avi|ogv|ogg|mpe?g|m?ts|m2ts|3gp|flv|wmv|mxf)$/i.test(name)) return true
  return type.startsWith('video/') || type === 'application/x-matroska' || type === 'application/ogg'
}

/** The name without extension, underscores as spaces. */
export function titleFromName(name: string): string {
  const words = name
    .replace(/\.[A-Za-z0-9]{1,5}$/, '')
    .replaceAll('_', ' ')
    .trim()
  return (words || name).slice(0, MAX_TITLE_CHARACTERS)
}
