// The state of the <video> as the player shows it.

/** In words, buttons and attributes; styles follow the attributes. */
export function showState(root: HTMLElement, video: HTMLVideoElement): void {
  const { paused, muted, volume, readyState, seeking } = video
  const isSilent = muted || volume === 0
  const part = (selector: string) => root.querySelector(selector) as HTMLElement
  root.dataset.play = paused ? 'paused' : 'playing'
  root.dataset.sound = isSilent ? 'muted' : 'loud'
  part('[data-role="play"]').setAttribute('aria-label', paused ? 'Play' : 'Pause')
  part('[data-role="mute"]').setAttribute('aria-label', isSilent ? 'Sound on' : 'Mute')
  part('.player__big').hidden = !paused || seeking
  part('.player__wait').hidden = paused || readyState >= HTMLMediaElement.HAVE_FUTURE_DATA
  volumeInput(root).value = String(isSilent ? 0 : volume)
  if (paused) delete root.dataset.idle
}

export function volumeInput(root: HTMLElement): HTMLInputElement {
  return root.querySelector('[data-role="volume"]') as HTMLInputElement
}

/** Details of an error, for a report. */
export function errorDetails({ error, networkState, readyState, currentTime }: HTMLVideoElement): string {
  const place = `${location.href} at ${currentTime.toFixed(1)} s`
  const reason = `error ${error?.code ?? 'none'} ${error?.message ?? ''}`
  return `CatTube ${place}: ${reason} network ${networkState} ready ${readyState}`
}
