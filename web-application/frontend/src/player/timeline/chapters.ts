// Chapters of a video: which one a moment is in, and the way to the others. Pure.
import type { Chapter } from '../../api/captions'

// Who is further into a chapter than this, and goes back, means its beginning.
const BEGINNING_SECONDS = 3

/** Chapters that begin within the video, in order, each at a moment of its own. */
export function chaptersWithin(chapters: readonly Chapter[], lengthSeconds: number): Chapter[] {
  const starts = new Set<number>()
  return [...chapters]
    .sort((a, b) => a.start_seconds - b.start_seconds)
    .filter(({ start_seconds: start }) => {
      const isNew = start >= 0 && start < lengthSeconds && !starts.has(start)
      starts.add(start)
      return isNew
    })
}

/** The place of the chapter at this moment; -1 before the first one. */
export function chapterAt(chapters: readonly Chapter[], seconds: number): number {
  return chapters.findLastIndex(({ start_seconds }) => start_seconds <= seconds)
}

/** The chapter to go to from this moment; undefined where there is none in this direction. */
export function chapterBeside(
  chapters: readonly Chapter[],
  seconds: number,
  step: 1 | -1,
): Chapter | undefined {
  const place = chapterAt(chapters, seconds)
  if (step > 0) return chapters[place + 1]
  const current = chapters[place]
  const isWellInto = current && seconds - current.start_seconds > BEGINNING_SECONDS
  return isWellInto ? current : (chapters[place - 1] ?? current)
}
