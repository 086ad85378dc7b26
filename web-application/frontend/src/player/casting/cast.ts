// Playing on another screen, by what the browser itself has: AirPlay in Safari, else the Remote Playback API.

type AirPlayVideo = HTMLVideoElement & { webkitShowPlaybackTargetPicker?: () => void }
type AvailabilityEvent = Event & { availability?: 'available' | 'not-available' }

/** What casts a video; null where the browser has nothing for it. */
interface Casting {
  /** Tell, now and later, whether there is a screen to play on. */
  watch: (onChange: (isAvailable: boolean) => void) => void
  /** Let the viewer choose a screen. */
  choose: () => void
}

/** The button is there while there is a screen. */
export function startCast(root: HTMLElement, video: HTMLVideoElement): void {
  const button = root.querySelector('[data-do="cast"]') as HTMLElement
  const casting = castingOf(video)
  casting?.watch((isAvailable) => {
    button.hidden = !isAvailable
  })
  button.addEventListener('click', () => casting?.choose())
}

export function castingOf(video: HTMLVideoElement): Casting | null {
  const airPlay = video as AirPlayVideo
  if (airPlay.webkitShowPlaybackTargetPicker) return byAirPlay(airPlay)
  // TypeScript knows a browser that has it; not every one does.
  const remote = (video as { remote?: RemotePlayback }).remote
  return remote ? byRemotePlayback(remote) : null
}

function byAirPlay(video: AirPlayVideo): Casting {
  return {
    watch: (onChange) =>
      video.addEventListener('webkitplaybacktargetavailabilitychanged', (event) =>
        onChange((event as AvailabilityEvent).availability === 'available'),
      ),
    choose: () => video.webkitShowPlaybackTargetPicker?.(),
  }
}

function byRemotePlayback(remote: RemotePlayback): Casting {
  return {
    // A browser that cannot look for screens all the time can still be asked once.
    watch: (onChange) =>
      void remote
        .watchAvailability(onChange)
        .catch((error: unknown) =>
          onChange(error instanceof DOMException && error.name === 'NotSupportedError'),
        ),
    // Refused when the viewer chooses none.
    choose: () => void remote.prompt().catch(() => {}),
  }
}
