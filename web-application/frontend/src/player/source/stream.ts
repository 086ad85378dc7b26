// An HLS stream in a <video> by hls.js, which this brings only when there is a stream to play.
import type Hls from 'hls.js'
import type { HlsConfig } from 'hls.js'
import { Mending } from './error-recovery'
import { labelOf, levelFor, type Quality, qualitiesOf, valueOfLevel } from './qualities'
import type { StreamLinks } from './stream-links'

// Loaded ahead before anybody has pressed play: the first picture, and a start without waiting.
const AHEAD_UNPLAYED_SECONDS = 4
const AHEAD_SECONDS = 60
// What a line is taken for until it was measured: starting sharp and stepping down beats starting blurred.
const FIRST_GUESS_BPS = 6_000_000

export interface StreamNews {
  /** What there is to choose from, and what is chosen of it. */
  onQualities: (qualities: Quality[], chosen: string) => void
  /** What is seen now, as `720p`. */
  onShown: (label: string) => void
  onLoaded: () => void
  /** It cannot go on by itself. */
  onFailed: () => void
}

export interface Stream {
  choose: (quality: string) => void
  /** The video plays the stream from its present place on. */
  start: () => void
  stop: () => void
}

/** The player of streams, or null when this browser cannot play any, or the script did not come. */
export async function streamScript(): Promise<typeof Hls | null> {
  const module = await import('hls.js').catch(() => null)
  return module?.default.isSupported() ? module.default : null
}

/** hls.js as this site uses it: before anybody plays the video, it loads little of it. stop: ends and frees it. */
export function streamPlayer(
  script: typeof Hls,
  video: HTMLVideoElement,
  config: Partial<HlsConfig>,
): { hls: Hls; stop: () => void } {
  const hls = new script({
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

/** Tells what there is to choose from; nothing more is loaded, and the video goes on as it is, until the start. */
export function openStream(
  script: typeof Hls,
  video: HTMLVideoElement,
  url: string,
  links: StreamLinks,
  quality: string,
  news: StreamNews,
): Stream {
  const { hls, stop } = streamPlayer(script, video, {
    autoStartLoad: false,
    abrEwmaDefaultEstimate: FIRST_GUESS_BPS,
    capLevelToPlayerSize: true,
    xhrSetup: async (request, asked) => request.open('GET', await links.present(asked), true),
  })
  const { Events } = script
  const tell = () => news.onQualities(qualitiesOf(hls.levels), valueOfLevel(hls.levels[hls.manualLevel]))
  hls.on(Events.MANIFEST_PARSED, () => {
    hls.loadLevel = levelFor(hls.levels, quality)
    tell()
  })
  hls.on(Events.LEVEL_SWITCHED, (_, { level }) => news.onShown(labelOf(hls.levels[level])))
  hls.on(Events.FRAG_LOADED, () => news.onLoaded())
  const mending = new Mending(script, hls, links, () => news.onFailed())
  hls.on(Events.ERROR, (_, error) => void mending.heed(error))
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
