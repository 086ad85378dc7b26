// Full screen. A phone turns with it, where the browser lets a page say so.

type OlderVideo = HTMLVideoElement & { webkitEnterFullscreen?: () => void }
type TurnableScreen = ScreenOrientation & { lock?: (orientation: string) => Promise<void> }

export const isFullScreen = (): boolean => document.fullscreenElement !== null

export function toggleFullScreen(root: HTMLElement, video: HTMLVideoElement): void {
  if (isFullScreen()) void document.exitFullscreen()
  else if (root.requestFullscreen)
    void root.requestFullscreen().then(
      () => turn(video),
      () => {},
    )
  // On an iPhone only the video itself can be full screen.
  else (video as OlderVideo).webkitEnterFullscreen?.()
}

/** It turns back by itself with the end of full screen. */
async function turn({ videoWidth, videoHeight }: HTMLVideoElement): Promise<void> {
  const orientation = videoWidth >= videoHeight ? 'landscape' : 'portrait'
  // Screens that stand on a desk do not turn.
  await (screen.orientation as TurnableScreen).lock?.(orientation).catch(() => {})
}
