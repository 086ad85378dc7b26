/** When the engine stops taking these params, in ms since 1970; Infinity when they say nothing. */
export function signedUntil(params: string): number {
  const { auth } = JSON.parse(params) as { auth?: { expires?: string } }
  // Transloadit writes 2026/11/23 18:00:00+00:00, which only some browsers parse.
  const iso = auth?.expires?.replace(/^(\d+)\/(\d+)\/(\d+) /, '$1-$2-$3T')
  const at = iso ? Date.parse(iso) : Number.NaN
  return Number.isNaN(at) ? Number.POSITIVE_INFINITY : at
}
