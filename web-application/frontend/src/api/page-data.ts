/** What the server put into the page as JSON (Django's json_script). */
export function readJson<T>(id: string): T {
  const text = document.getElementById(id)?.textContent
  if (!text) throw new Error(`The page brings no data named ${id}`)
  return JSON.parse(text) as T
}
