// The site's API, typed. Every answer that is not a success becomes an ApiError with the server's own words.
export type Status = 'uploading' | 'processing' | 'ready' | 'failed'
export type Visibility = 'public' | 'unlisted' | 'private'

export interface Source {
  url: string
  type: string
  width: number | null
  height: number | null
  label: string
}

/** Something to watch before the video is ready. */
export interface Early {
  url: string
  type: string
}

/** One picture with many small ones, in reading order: each shows the next `seconds_per_tile`. */
export interface Storyboard {
  url: string
  columns: number
  rows: number
  tile_width: number
  tile_height: number
  seconds_per_tile: number
  /** The same as WebVTT, for other players. */
  cues: string
}

export interface Video {
  id: string
  title: string
  description: string
  tags: string[]
  status: Status
  progress: number
  /** What is being done; null once nothing is. `improving`: it is ready, and more qualities are on their way. */
  phase: 'uploading' | 'queued' | 'processing' | 'storing' | 'improving' | null
  /** 1 for the next; null when it does not wait, or nobody knows. */
  queue_position: number | null
  /** Of the present status; null while there is no ground for a number. */
  seconds_left: number | null
  error: { code: string; message: string } | null
  transcoded: string | null
  thumbnail: string | null
  sources: Source[]
  /** The file as its owner sent it, for the owner alone, while the video is processed. */
  original: Early | null
  /** A stream of what is encoded by now, while the video is not ready. */
  growing: Early | null
  hls: string | null
  storyboard: Storyboard | null
  links_last_seconds: number
  duration_seconds: number | null
  visibility: Visibility
  url: string
  can_edit: boolean
}

/** It can be watched, or it never will. What is ready may still gain qualities. */
export const isFinished = ({ status }: Video): boolean => status === 'ready' || status === 'failed'

/** What the engine needs to take one file: signed by the site, for this video alone. */
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

/** Where the file of a video goes: to the engine or to the bucket, as the site is set up. */
export interface Upload {
  video: Video
  assembly: SignedAssembly | null
  bucket: BucketUpload | null
}

export interface Details {
  title: string
  description: string
  tags: string[]
  visibility: Visibility
}

export class ApiError extends Error {
  constructor(
    readonly code: string,
    message: string,
    readonly status: number,
  ) {
    super(message)
  }

  /** Asking again can help: the server is away, busy or restarting. */
  get isPassing(): boolean {
    return this.status === 0 || this.status === 429 || this.status >= 500
  }
}

export const createUpload = (details: Partial<Details> & { filename: string; size_bytes: number }) =>
  send<Upload>('POST', '/api/uploads', details)

export const retryUpload = (id: string) => send<Upload>('POST', `/api/videos/${id}/retry`)

/** Go on with an upload into the bucket that was broken off. */
export const fetchUpload = (id: string) => send<Upload>('GET', `/api/uploads/${id}`)

export const partLink = (id: string, number: number) =>
  send<{ url: string }>('POST', `/api/uploads/${id}/parts/${number}`)

/** Requests about an upload into the bucket that the site answers as the bucket would. */
const asTheBucket = (url: string) => ({
  url,
  headers: { Accept: 'application/xml', 'X-CSRFToken': csrfToken() },
})
export const partsRequest = (id: string) => asTheBucket(`/api/uploads/${id}/parts`)
export const completeRequest = (id: string) => asTheBucket(`/api/uploads/${id}/complete`)

export const fetchVideo = (id: string) => send<Video>('GET', `/api/videos/${id}`)

export const changeVideo = (id: string, change: Partial<Details> & { assembly_id?: string }) =>
  send<Video>('PATCH', `/api/videos/${id}`, change)

export const trashVideo = (id: string) => send<void>('DELETE', `/api/videos/${id}`)

export const eraseVideo = (id: string) => send<void>('DELETE', `/api/videos/${id}?permanent=true`)

async function send<T>(method: string, url: string, body?: object): Promise<T> {
  const headers: Record<string, string> = { Accept: 'application/json', 'X-CSRFToken': csrfToken() }
  if (body) headers['Content-Type'] = 'application/json'
  const response = await fetch(url, { method, headers, body: body ? JSON.stringify(body) : null }).catch(
    () => {
      throw new ApiError(
        'NO_CONNECTION',
        'The site cannot be reached. Check the connection and try again.',
        0,
      )
    },
  )
  if (!response.ok) throw await errorOf(response)
  return (response.status === 204 ? undefined : await response.json()) as T
}

async function errorOf(response: Response): Promise<ApiError> {
  const said: unknown = await response.json().catch(() => null)
  const { error, message } = (said ?? {}) as { error?: string; message?: string }
  const fallback = `The site answered ${response.status}. Try again in a minute.`
  return new ApiError(error ?? 'UNKNOWN', message ?? fallback, response.status)
}

// The cookie is HttpOnly, so the page carries the token.
function csrfToken(): string {
  return document.querySelector<HTMLMetaElement>('meta[name="csrf-token"]')?.content ?? ''
}
