// Requests about captions, which are files and no JSON.
import { errorOf, noConnection } from './client'
import { csrfToken } from './page-data'

export interface Caption {
  language: string
  label: string
  kind: 'captions' | 'subtitles'
  source: 'uploaded' | 'automatic'
  /** Of the file, as WebVTT. */
  url: string
}

/** Captions in the making. */
export interface Captioning {
  state: 'waiting' | 'working' | 'done' | 'failed'
  percent: number
  /** Why they failed, for the owner. */
  error: string | null
}

export interface Chapter {
  start_seconds: number
  title: string
}

export interface Spoken {
  start_seconds: number
  end_seconds: number
  text: string
}

export interface TranscriptPage {
  items: Spoken[]
  next: string | null
}

/** Save a WebVTT file in the place of the version `etag`, null for none. Resolves with the new ETag. */
export async function putCaptions(url: string, file: string, etag: string | null): Promise<string> {
  const condition: Record<string, string> = etag ? { 'If-Match': etag } : { 'If-None-Match': '*' }
  const headers = { 'Content-Type': 'text/vtt', 'X-CSRFToken': csrfToken(), ...condition }
  const response = await fetch(url, { method: 'PUT', headers, body: file }).catch(() => {
    throw noConnection()
  })
  if (!response.ok) throw await errorOf(response)
  return response.headers.get('ETag') ?? ''
}

/** ETag of the captions as they are now; null when there are none. */
export async function captionsVersion(url: string): Promise<string | null> {
  const response = await fetch(url, { cache: 'no-cache' }).catch(() => {
    throw noConnection()
  })
  if (response.status === 404) return null
  if (!response.ok) throw await errorOf(response)
  return response.headers.get('ETag')
}
