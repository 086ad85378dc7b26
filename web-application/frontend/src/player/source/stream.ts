// An HLS stream in a <video> by hls.js, whose quality can be chosen and whose links are renewed.
import type Hls from 'hls.js'
import { ErrorRecovery } from './error-recovery'
import { newHls } from './hls'
import { labelOf, levelFor, type Quality, qualitiesOf, valueOfLevel } from './qualities'
import type { StreamLinks } from './stream-links'

// Assumed speed of a line until it was measured: starting sharp and stepping down beats starting blurred.
const FIRST_GUESS_BPS = 6_000_000

interface StreamNews {
  /** The choices, and the chosen one. */
  onQualities: (qualities: Quality[], chosen: string) => void
  /** The quality that is seen now, as `720p`. */
  onShown: (label: string) => void
  onLoaded: () => void
  /** It cannot go on by itself. */
  onFailed: () => void
}

export interface Stream {
  choose: (quality: string) => void
  /** The video plays the stream from its present position on. */
  start: () => void
  stop: () => void
}

/** The choices are told at once; nothing more is loaded, and the video goes on as it is, until the start. */
export function openStream(
  Script: typeof Hls,
  video: HTMLVideoElement,
  url: string,
  links: StreamLinks,
  quality: string,
  news: StreamNews,
): Stream {
  const { hls, stop } = newHls(Script, video, {
    autoStartLoad: false,
    abrEwmaDefaultEstimate: FIRST_GUESS_BPS,
    capLevelToPlayerSize: true,
    xhrSetup: async (request, address) => request.open('GET', await links.present(address), true),
  })
  const { Events } = Script
  const tell = () => news.onQualities(qualitiesOf(hls.levels), valueOfLevel(hls.levels[hls.manualLevel]))
  hls.on(Events.MANIFEST_PARSED, () => {
    hls.loadLevel = levelFor(hls.levels, quality)
    tell()
  })
  hls.on(Events.LEVEL_SWITCHED, (_, { level }) => news.onShown(labelOf(hls.levels[level])))
  hls.on(Events.FRAG_LOADED, () => news.onLoaded())
  const recovery = new ErrorRecovery(Script, hls, links, () => news.onFailed())
  hls.on(Events.ERROR, (_, error) => void recovery.handle(error))
  hls.loadSource(url)
  return {
    choose: (value) => {
      hls.nextLevel = levelFor(hls.levels, value)
    },
    start: () => {
      const seconds = video.currentTime
      hls.config.startPosition = seconds
      hls.config.autoStartLoad = true
      hls.attachMedia(video)
      // Else the playlist is still on its way, and starts it.
      if (hls.levels.length === 0) return
      hls.startLoad(seconds)
      tell()
    },
    stop,
  }
}
