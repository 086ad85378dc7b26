// Sends the index of a film ahead of its bytes, so that our engine can encode it while it arrives.
import { findLateIndex } from './movie-index'

// The hosted service has no place for it.
const HOSTED = /(^|\.)transloadit\.com$/

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
