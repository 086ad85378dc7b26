// Uploads as the site's JSON API describes them: where the file of a video goes, and with whose signature.
import { send } from './client'
import { csrfToken } from './page-data'
import type { Details, Video } from './videos'

/** Options by which the engine takes one file: signed by the site, for this video alone. */
export interface SignedAssembly {
  service: string
  params: string
  signature: string
  fields: Record<string, string>
}

/** The file goes into the bucket in parts of `part_bytes`, all but the last. */
export interface BucketUpload {
  size_bytes: number
  part_bytes: number
}

/** The destination of a video's file: the engine or the bucket, as the site is set up. */
export interface Upload {
  video: Video
  assembly: SignedAssembly | null
  bucket: BucketUpload | null
}

export const createUpload = (details: Partial<Details> & { filename: string; size_bytes: number }) =>
  send<Upload>('POST', '/api/uploads', details)

/** A new attempt at the video. sizeBytes: of its file, which may be another than before. */
export const retryUpload = (id: string, sizeBytes: number) =>
  send<Upload>('POST', `/api/videos/${id}/retry?size_bytes=${sizeBytes}`)

/** Go on with an upload into the bucket that was broken off. */
export const fetchUpload = (id: string) => send<Upload>('GET', `/api/uploads/${id}`)

export const partLink = (id: string, number: number) =>
  send<{ url: string }>('POST', `/api/uploads/${id}/parts/${number}`)

/** Requests about an upload into the bucket that the site answers as the bucket would. */
const bucketRequest = (url: string) => ({
  url,
  headers: { Accept: 'application/xml', 'X-CSRFToken': csrfToken() },
})
export const partsRequest = (id: string) => bucketRequest(`/api/uploads/${id}/parts`)
export const completeRequest = (id: string) => bucketRequest(`/api/uploads/${id}/complete`)

/** When the engine stops taking these params, in ms since 1970; Infinity when they say nothing. */
export function signatureExpiryMs(params: string): number {
  const { auth } = JSON.parse(params) as { auth?: { expires?: string } }
  // Transloadit writes 2026/11/23 18:00:00+00:00, which only some browsers parse.
  const iso = auth?.expires?.replace(/^(\d+)\/(\d+)\/(\d+) /, '$1-$2-$3T')
  const expiryMs = iso ? Date.parse(iso) : Number.NaN
  return Number.isNaN(expiryMs) ? Number.POSITIVE_INFINITY : expiryMs
}
