// The panel beside the player: transcript and chapters.
import { startTabs } from '../ui/tabs'
import { PlaceList } from './place-list'
import { TranscriptPanel } from './transcript-panel'

/** stage: holds the <video>, which may come and change. */
export function startSidePanel(stage: HTMLElement): void {
  const side = document.querySelector<HTMLElement>('[data-side]')
  if (!side) return
  const tabs = side.querySelector<HTMLElement>('[role="tablist"]')
  if (tabs) startTabs(tabs)
  const chapters = side.querySelector<HTMLElement>('[data-role="chapters"]')
  const transcript = side.querySelector<HTMLElement>('[data-transcript]')
  const panels = [
    chapters ? new PlaceList(chapters) : null,
    transcript ? new TranscriptPanel(transcript) : null,
  ]
  for (const panel of panels) if (panel instanceof TranscriptPanel) void panel.read()
  // These do not bubble, and the <video> may be another by then.
  for (const event of ['timeupdate', 'seeked']) {
    stage.addEventListener(
      event,
      ({ target }) => {
        if (!(target instanceof HTMLVideoElement) || !target.closest('[data-player]')) return
        for (const panel of panels) panel?.follow(target.currentTime)
      },
      { capture: true },
    )
  }
}
