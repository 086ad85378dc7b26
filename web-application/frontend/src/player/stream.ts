// An HLS stream in a <video> by hls.js, which this brings only when there is a stream to play.
import type Hls from 'hls.js'
import { Mending } from './mending'
import { labelOf, levelFor, qualitiesOf, valueOf, type Quality } from './qualities'
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
  stop: () => void
}

/** The player of streams, or null when this browser cannot play any, or the script did not come. */
export async function streamScript(): Promise<typeof Hls | null> {
  const module = await import('hls.js').catch(() => null)
  return module?.default.isSupported() ? module.default : null
}

/** The video plays the stream from its present place on. */
export function openStream(
  script: typeof Hls,
  video: HTMLVideoElement,
  url: string,
  links: StreamLinks,
  quality: string,
  news: StreamNews,
): Stream {
  const hls = new script({
    // A worker would have to come from this site's own files; demuxing takes little of the page's time.
    enableWorker: false,
    startPosition: video.currentTime,
    maxMaxBufferLength: video.paused ? AHEAD_UNPLAYED_SECONDS : AHEAD_SECONDS,
    abrEwmaDefaultEstimate: FIRST_GUESS_BPS,
    capLevelToPlayerSize: true,
    xhrSetup: async (request, asked) => request.open('GET', await links.present(asked), true),
  })
  const { Events } = script
  const choose = (value: string) => {
    hls.nextLevel = levelFor(hls.levels, value)
  }
  const loadAhead = () => {
    hls.config.maxMaxBufferLength = AHEAD_SECONDS
  }
  hls.on(Events.MANIFEST_PARSED, () => {
    const level = levelFor(hls.levels, quality)
    hls.loadLevel = level
    news.onQualities(qualitiesOf(hls.levels), valueOf(hls.levels[level]))
  })
  hls.on(Events.LEVEL_SWITCHED, (_, { level }) => news.onShown(labelOf(hls.levels[level])))
  hls.on(Events.FRAG_LOADED, () => news.onLoaded())
  const mending = new Mending(script, hls, links, () => news.onFailed())
  hls.on(Events.ERROR, (_, error) => void mending.heed(error))
  video.addEventListener('play', loadAhead)
  hls.loadSource(url)
  hls.attachMedia(video)
  return {
    choose,
    stop: () => {
      video.removeEventListener('play', loadAhead)
      hls.destroy()
    },
  }
}
