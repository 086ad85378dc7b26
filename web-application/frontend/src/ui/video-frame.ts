/** The present frame of a video on a canvas that it fills, as large as the video if no size is named. */
export function frameOf(
  video: HTMLVideoElement,
  widthPx = video.videoWidth,
  heightPx = video.videoHeight,
): HTMLCanvasElement {
  const canvas = document.createElement('canvas')
  canvas.width = widthPx
  canvas.height = heightPx
  const scale = Math.max(widthPx / video.videoWidth, heightPx / video.videoHeight)
  const [width, height] = [video.videoWidth * scale, video.videoHeight * scale]
  // A picture of another origin may be shown; only reading it back is forbidden.
  canvas.getContext('2d')?.drawImage(video, (widthPx - width) / 2, (heightPx - height) / 2, width, height)
  return canvas
}
