// Players of HLS streams: the browser by itself, or hls.js, which is loaded only when there is one to play.
import type Hls from 'hls.js'
import type { HlsConfig } from 'hls.js'

// Loaded ahead before anybody has pressed play: the first picture, and a start without waiting.
const AHEAD_UNPLAYED_SECONDS = 4
const AHEAD_SECONDS = 60

export const PLAYLIST_TYPE = 'application/vnd.apple.mpegurl'

/**
 * The browser plays HLS by itself, and sends it to a television, too.
 *
 * AirPlay tells WebKit. Others that say "maybe" let nobody choose the quality.
 */
export function isNative(video: HTMLVideoElement): boolean {
  return 'WebKitPlaybackTargetAvailabilityEvent' in window && video.canPlayType(PLAYLIST_TYPE) !== ''
}

/** hls.js, or null when this browser cannot play a stream by it, or the script did not come. */
export async function loadHls(): Promise<typeof Hls | null> {
  const module = await import('hls.js').catch(() => null)
  return module?.default.isSupported() ? module.default : null
}

/** hls.js as this site uses it: before anybody plays the video, it loads little of it. stop: ends and frees it. */
export function newHls(
  Script: typeof Hls,
  video: HTMLVideoElement,
  config: Partial<HlsConfig>,
): { hls: Hls; stop: () => void } {
  const hls = new Script({
    // A worker would have to come from this site's own files; demuxing takes little of the page's time.
    enableWorker: false,
    maxMaxBufferLength: video.paused ? AHEAD_UNPLAYED_SECONDS : AHEAD_SECONDS,
    ...config,
  })
  const loadAhead = () => {
    hls.config.maxMaxBufferLength = AHEAD_SECONDS
  }
  video.addEventListener('play', loadAhead)
  return {
    hls,
    stop: () => {
      video.removeEventListener('play', loadAhead)
      hls.destroy()
    },
  }
}
