// Videos as the site's JSON API shows them, and what can be asked about one.

import type { Caption, Captioning, Chapter } from './captions'
import { send } from './client'
import { type WaitOptions, waitFor } from './wait-for'

type Status = 'uploading' | 'processing' | 'ready' | 'failed'
export type Visibility = 'public' | 'unlisted' | 'private'

export interface Source {
  url: string
  type: string
  width: number | null
  height: number | null
  label: string
}

/** Something to watch before the video is ready. */
export interface PreviewSource {
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

/** The video that follows this one. */
export interface NextVideo {
  url: string
  title: string
  thumbnail_url: string | null
  duration_seconds: number | null
}

export interface Video {
  id: string
  title: string
  description: string
  tags: string[]
  status: Status
  progress: number
  /** The work being done; null once there is none. `improving`: it is ready, and more qualities are on their way. */
  phase: 'uploading' | 'queued' | 'held' | 'processing' | 'storing' | 'improving' | null
  /** 1 for the next; null when it does not wait, or nobody knows. */
  queue_position: number | null
  /** Of the present status; null while there is no ground for a number. */
  seconds_left: number | null
  error: { code: string; message: string } | null
  transcoded: string | null
  thumbnail: string | null
  sources: Source[]
  /** The file as its owner sent it, for the owner alone, while the video is processed. */
  original: PreviewSource | null
  /** The live preview: a stream of what is encoded by now, while the video is not ready. */
  growing: PreviewSource | null
  hls: string | null
  storyboard: Storyboard | null
  captions: Caption[]
  captioning: Captioning | null
  chapters: Chapter[]
  links_last_seconds: number
  /** On the watch page. */
  next?: NextVideo | null
  duration_seconds: number | null
  /** Of the picture, in pixels. */
  width: number | null
  height: number | null
  visibility: Visibility
  user: string
  url: string
  can_edit: boolean
}

export interface Details {
  title: string
  description: string
  tags: string[]
  visibility: Visibility
}

/** It can be watched, or it never will. What is ready may still gain qualities. */
export const isFinished = ({ status }: Video): boolean => status === 'ready' || status === 'failed'

export const fetchVideo = (id: string) => send<Video>('GET', `/api/videos/${id}`)

/** Ask for a video until it is finished. Resolves with null when aborted; rejects when it is gone, or not ours to see. */
export function pollVideo(id: string, options: Partial<WaitOptions<Video>>): Promise<Video | null> {
  return waitFor(() => fetchVideo(id), {
    isDone: isFinished,
    mark: ({ status, phase, progress, queue_position }) =>
      [status, phase, progress, queue_position].join(' '),
    ...options,
  })
}

export const changeVideo = (id: string, change: Partial<Details> & { assembly_id?: string }) =>
  send<Video>('PATCH', `/api/videos/${id}`, change)

export const eraseVideo = (id: string) => send<void>('DELETE', `/api/videos/${id}?permanent=true`)
