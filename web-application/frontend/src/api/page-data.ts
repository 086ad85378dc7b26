// Data that the server has put into the page for its scripts.

/** JSON of Django's json_script. */
export function readJson<T>(id: string): T {
  const text = document.getElementById(id)?.textContent
  if (!text) throw new Error(`The page brings no data named ${id}`)
  return JSON.parse(text) as T
}

// The cookie is HttpOnly, so the page carries the token.
export function csrfToken(): string {
  return document.querySelector<HTMLMetaElement>('meta[name="csrf-token"]')?.content ?? ''
}
