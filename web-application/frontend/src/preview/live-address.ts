// The address of a live preview ends or changes while somebody watches. hls.js reads it once, so each request asks here.

export class LiveAddress {
  #inUse: string

  /**
   * url: of the playlist, set anew whenever the site tells it.
   * ask: the address as the site tells it now; null when there is none any more.
   */
  constructor(
    public url: string,
    private readonly ask: () => Promise<string | null>,
  ) {
    this.#inUse = url
  }

  /** The address by which to ask now for the file that `url` once was the address of. */
  present(url: string): string {
    this.#inUse = this.url
    const playlist = new URL(this.url, location.href)
    const file = new URL(fileNameOf(url), playlist)
    file.search = playlist.search
    return file.href
  }

  /** After a refusal: ask the site once; true when it is found under another address now. */
  async renew(): Promise<boolean> {
    const url = await this.ask().catch(() => null)
    if (url === null) return false
    this.url = url
    return url !== this.#inUse
  }
}

const fileNameOf = (url: string): string => url.replace(/[?#].*$/, '').replace(/^.*\//, '')
