// Requests to the site's JSON API. Every answer that is not a success becomes an ApiError with the server's own words.
import { csrfToken } from './page-data'

export class ApiError extends Error {
  constructor(
    readonly code: string,
    message: string,
    readonly status: number,
  ) {
    super(message)
  }

  /** Asking again can help: the server is away, busy or restarting. */
  get isPassing(): boolean {
    return this.status === 0 || this.status === 429 || this.status >= 500
  }
}

export async function send<T>(method: string, url: string, body?: object): Promise<T> {
  const headers: Record<string, string> = { Accept: 'application/json', 'X-CSRFToken': csrfToken() }
  if (body) headers['Content-Type'] = 'application/json'
  const response = await fetch(url, { method, headers, body: body ? JSON.stringify(body) : null }).catch(
    () => {
      throw noConnection()
    },
  )
  if (!response.ok) throw await errorOf(response)
  return (response.status === 204 ? undefined : await response.json()) as T
}

export const noConnection = () =>
  new ApiError('NO_CONNECTION', 'The site cannot be reached. Check the connection and try again.', 0)

export async function errorOf(response: Response): Promise<ApiError> {
  const answer: unknown = await response.json().catch(() => null)
  const { error, message } = (answer ?? {}) as { error?: string; message?: string }
  const fallback = `The site answered ${response.status}. Try again in a minute.`
  return new ApiError(error ?? 'UNKNOWN', message ?? fallback, response.status)
}
