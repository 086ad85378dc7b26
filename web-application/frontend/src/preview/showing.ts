/** Something that shows a picture of a video before that is ready. stop: frees what it holds. */
export interface Showing {
  kind: 'growing' | 'original'
  video: HTMLVideoElement
  stop: () => void
}
