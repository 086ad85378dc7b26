// WebVTT of cues, for the site, which reads it strictly. Pure.
import type { Cue } from './cue'

/** The file; cues without a text are left out. */
export function writtenWebVtt(cues: readonly Cue[]): string {
  const blocks = cues.map((cue) => ({ ...cue, text: textOf(cue) })).filter(({ text }) => text)
  return ['WEBVTT\n', ...blocks.map(blockOf)].join('\n')
}

/** Without what would end the cue: empty lines, and an arrow. */
const textOf = ({ text }: Cue): string =>
  text
    .split(/[\r\n]+/)
    .map((line) => line.trim().replaceAll('-->', '--&gt;'))
    .filter(Boolean)
    .join('\n')

function blockOf({ start_seconds, end_seconds, text, settings }: Cue): string {
  const times = `${stamp(start_seconds)} --> ${stamp(end_seconds)} ${settings}`.trimEnd()
  return `${times}\n${text}\n`
}

function stamp(seconds: number): string {
  const whole = Math.round(seconds * 1000)
  const two = (n: number) => String(n).padStart(2, '0')
  const [hours, minutes] = [Math.floor(whole / 3_600_000), Math.floor(whole / 60_000) % 60]
  return `${two(hours)}:${two(minutes)}:${((whole % 60_000) / 1000).toFixed(3).padStart(6, '0')}`
}
