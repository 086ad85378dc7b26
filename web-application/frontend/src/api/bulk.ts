// One change to many videos, and what became of each.
import { send } from './client'
import type { Visibility } from './videos'

export interface BulkChange {
  visibility?: Visibility
  tags?: string[]
  retry?: boolean
  delete?: boolean
}

export interface Outcome {
  id: string
  error: { code: string; message: string } | null
}

// As many as the site takes in one request.
const MOST = 100

export async function changeVideos(ids: readonly string[], change: BulkChange): Promise<Outcome[]> {
  const outcomes: Outcome[] = []
  for (let from = 0; from < ids.length; from += MOST) {
    const body = { videos: ids.slice(from, from + MOST), ...change }
    outcomes.push(...(await send<{ items: Outcome[] }>('POST', '/api/bulk', body)).items)
  }
  return outcomes
}

export const restoreVideo = (id: string) => send<unknown>('POST', `/api/videos/${id}/restore`)
