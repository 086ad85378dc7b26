// The index of an MP4 or QuickTime file (its `moov` box). Cameras write it last, when they know all of it, and
// without it nobody can begin to read the film. It is sent ahead, so that our engine can encode the film while it
// arrives.
const HEADER_BYTES = 16
// As the engine takes at most; a film of four hours has less.
const MAX_INDEX_BYTES = 16 * 2 ** 20
const MOST_BOXES = 64
// The hosted service has no place for it.
const HOSTED = /(^|\.)transloadit\.com$/

interface MovieIndex {
  /** Its offset in the file, in bytes. */
  start: number
  box: Blob
}

interface Box {
  kind: string
  start: number
  size: number
}

/** Send the index of `file`, if it lies at the end, to where its bytes go. Without it the film is only later. */
export async function sendIndexAhead(file: Blob, uploadUrl: string): Promise<void> {
  if (HOSTED.test(new URL(uploadUrl).hostname)) return
  try {
    const index = await findLateIndex(file)
    if (!index) return
    await fetch(`${uploadUrl}/index`, {
      method: 'POST',
      headers: { 'Index-Offset': String(index.start), 'Content-Type': 'application/octet-stream' },
      body: index.box,
    })
  } catch {
    // The bytes themselves tell whether there is a connection.
  }
}

/** The index of the film when it lies behind the pictures; null when it comes first, or this is no such film. */
export async function findLateIndex(file: Blob): Promise<MovieIndex | null> {
  let isBehindMedia = false
  let start = 0
  for (let count = 0; count < MOST_BOXES && start < file.size; count += 1) {
    const box = await readBox(file, start)
    if (!box || (count === 0 && box.kind !== 'ftyp')) return null
    if (box.kind === 'moov') {
      if (!isBehindMedia || box.size > MAX_INDEX_BYTES) return null
      return { start, box: file.slice(start, start + box.size) }
    }
    isBehindMedia ||= box.kind === 'mdat'
    start += box.size
  }
  return null
}

async function readBox(file: Blob, start: number): Promise<Box | null> {
  const head = new DataView(await file.slice(start, start + HEADER_BYTES).arrayBuffer())
  if (head.byteLength < 8) return null
  const kind = String.fromCharCode(...[4, 5, 6, 7].map((place) => head.getUint8(place)))
  let size = head.getUint32(0)
  let headerBytes = 8
  if (size === 1 && head.byteLength === HEADER_BYTES) {
    size = Number(head.getBigUint64(8))
    headerBytes = HEADER_BYTES
  }
  return size >= headerBytes && start + size <= file.size ? { kind, start, size } : null
}
