// What the site offers for the beginning of a search.
import { send } from './client'

export interface Suggestion {
  text: string
  /** `search`: other words, where the typed ones find nothing. */
  kind: 'video' | 'tag' | 'channel' | 'search'
  url: string
}

export async function fetchSuggestions(address: string, text: string): Promise<Suggestion[]> {
  const answer = await send<{ items: Suggestion[] }>('GET', `${address}?q=${encodeURIComponent(text)}`)
  return answer.items
}
