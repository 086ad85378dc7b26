export const PLAYLIST_TYPE = 'application/vnd.apple.mpegurl'

/**
 * Whether the browser is at home with HLS, and sends it to a television, too.
 *
 * AirPlay tells WebKit. Others that say "maybe" let nobody choose the quality.
 */
export function isNative(video: HTMLVideoElement): boolean {
  return 'WebKitPlaybackTargetAvailabilityEvent' in window && video.canPlayType(PLAYLIST_TYPE) !== ''
}
