// Names of qualities, as every player has them: 1280x720 is 720p, and so is 1280x540. Pure.
// The site names files by the same rule, in cattube/videos/qualities.py; contract/qualities.json holds both to it.
const CLASSES = [144, 240, 360, 480, 720, 1080, 1440, 2160, 4320]
// A size so near to a class has its name: 1366x768 is sold as 720p.
const TOLERANCE = 0.1

interface Size {
  width: number
  height: number
}

/** Height in pixels of the 16:9 picture that this one fills in one direction, rounded to a usual one; 0 for none. */
export function qualityClass({ width, height }: Size): number {
  if (!width || !height) return 0
  const filled = Math.max(Math.min(width, height), (Math.max(width, height) * 9) / 16)
  return CLASSES.find((usual) => Math.abs(filled - usual) <= TOLERANCE * usual) ?? Math.round(filled)
}
