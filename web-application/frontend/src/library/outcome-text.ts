// What became of many videos, in one sentence. Pure.
import type { Outcome } from '../api/bulk'

/** done: what was done, as in "are now private". For what was refused, the first reason is told. */
export function outcomeText(outcomes: readonly Outcome[], done: (count: number) => string): string {
  const reasons = outcomes.flatMap(({ error }) => (error ? [error.message] : []))
  const count = outcomes.length - reasons.length
  const sentences = count ? [`${done(count)}.`] : []
  if (reasons[0]) sentences.push(`${videos(reasons.length)} stayed as before: ${reasons[0]}`)
  return sentences.join(' ')
}

export const videos = (count: number): string => `${count} video${count === 1 ? '' : 's'}`
