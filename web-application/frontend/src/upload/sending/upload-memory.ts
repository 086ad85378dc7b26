// The file that an upload into the bucket was begun with, stored in this browser: parts of two files must not mix.
// Where nothing can be stored, an upload starts anew after a reload.
import { loadText, removeText, storeText } from '../../ui/browser-storage'

const PREFIX = 'upload:'

export const remember = (videoId: string, file: File) => storeText(PREFIX + videoId, fingerprint(file))

export const isRemembered = (videoId: string, file: File) => loadText(PREFIX + videoId) === fingerprint(file)

export const forget = (videoId: string) => removeText(PREFIX + videoId)

const fingerprint = ({ name, size, lastModified }: File) => `${size} ${lastModified} ${name}`
