// The links of an HLS stream expire while it plays. A player that has read a playlist once does not read it again,
// so each request gets the present link of what it asks for, and no picture is lost over it.
import type { LinkRenewal } from './link-renewal'

const PLAYLIST = /\.m3u8$/
const IN_ATTRIBUTE = /(?<=[:,])URI="([^"]*)"/g

export class StreamLinks {
  #fresh = new Map<string, string>()
  #running: Promise<boolean> | null = null

  constructor(
    private readonly renewal: LinkRenewal,
    private readonly fetchText: (url: string) => Promise<string> = readText,
  ) {}

  /** The link by which to ask for what `url` once was the link of. */
  async present(url: string): Promise<string> {
    if (this.renewal.isDue || this.#running !== null) await this.renew()
    return this.#fresh.get(nameOf(url)) ?? url
  }

  /** Ask for all links anew; false when there are none. Asked twice at once, it asks once. */
  renew(): Promise<boolean> {
    this.#running ??= this.#ask()
      // Without an answer the old links are all there is.
      .catch(() => false)
      .finally(() => {
        this.#running = null
      })
    return this.#running
  }

  async #ask(): Promise<boolean> {
    const links = await this.renewal.links()
    if (!links?.hls) return false
    const fresh = new Map<string, string>()
    await this.#read(new URL(links.hls, location.href).href, fresh)
    this.#fresh = fresh
    return true
  }

  async #read(playlist: string, fresh: Map<string, string>): Promise<void> {
    fresh.set(nameOf(playlist), playlist)
    const urls = addressesIn(await this.fetchText(playlist)).map((address) => new URL(address, playlist).href)
    for (const url of urls) fresh.set(nameOf(url), url)
    const playlists = urls.filter((url) => PLAYLIST.test(nameOf(url)))
    await Promise.all(playlists.map((url) => this.#read(url, fresh)))
  }
}

/** Every address in a playlist: of renditions, segments and what heads them. */
export function addressesIn(playlist: string): string[] {
  const lines = playlist.split(/\r?\n/)
  const named = lines
    .filter((line) => line.startsWith('#'))
    .flatMap((line) => [...line.matchAll(IN_ATTRIBUTE)])
  const plain = lines.map((line) => line.trim()).filter((line) => line && !line.startsWith('#'))
  return [...named.map((match) => match[1] ?? ''), ...plain]
}

// The permission is in the query; what comes before it says which object is meant.
const nameOf = (url: string): string => url.replace(/[?#].*$/, '')

async function readText(url: string): Promise<string> {
  const response = await fetch(url)
  if (!response.ok) throw new Error(`${response.status} for a playlist`)
  return response.text()
}
