// The picker of files: Uppy's Dashboard with camera and screen recording. It only picks and sends nothing.
import Uppy from '@uppy/core'
import Dashboard from '@uppy/dashboard'
import ScreenCapture from '@uppy/screen-capture'
import Webcam from '@uppy/webcam'
import { size } from '../../ui/words'

export function startPicker(target: HTMLElement, maxBytes: number, take: (file: File) => void): void {
  const uppy = new Uppy().use(Dashboard, {
    target,
    inline: true,
    width: '100%',
    // uppy.css gives it its height.
    height: '',
    disableStatusBar: true,
    disableThumbnailGenerator: true,
    showSelectedFiles: false,
    proudlyDisplayPoweredByUppy: false,
    note: `Or paste them, anywhere on this page. Any video format, up to ${size(maxBytes)} each.`,
    locale: {
      strings: {
        dashboardTitle: 'Choose videos',
        dropPasteFiles: 'Drop videos into the box %{browseFiles}',
        dropPasteImportFiles: 'Drop videos into the box %{browseFiles}',
        browseFiles: 'Choose files',
        importFrom: '%{name}',
        dropHint: 'Drop them into the box',
      },
    },
  })
  // Browsers give camera and screen to https and localhost only.
  if (navigator.mediaDevices) {
    uppy.use(Webcam, { modes: ['video-audio', 'video-only'], showRecordingLength: true, locale: cameraWords })
    if ('getDisplayMedia' in navigator.mediaDevices)
      uppy.use(ScreenCapture, { enableScreenshots: false, locale: screenWords })
  }
  uppy.on('files-added', (files) => {
    for (const { id, data, extension, source, type } of files) {
      const recorded = source ? RECORDINGS[source] : undefined
      if (recorded)
        take(new File([data as Blob], `${recorded} ${dateAndTime(new Date())}.${extension}`, { type }))
      else take(data as File)
      uppy.removeFile(id)
    }
  })
}

const RECORDINGS: Record<string, string> = { Webcam: 'Camera recording', ScreenCapture: 'Screen recording' }

// 2026-11-23 19.25: a colon is not allowed in the file names of some systems.
function dateAndTime(now: Date): string {
  const [year, ...rest] = [
    now.getFullYear(),
    now.getMonth() + 1,
    now.getDate(),
    now.getHours(),
    now.getMinutes(),
  ]
  const [month, day, hours, minutes] = rest.map((part) => String(part).padStart(2, '0'))
  return `${year}-${month}-${day} ${hours}.${minutes}`
}

const cameraWords = {
  strings: {
    pluginNameCamera: 'Camera',
    noCameraTitle: 'No camera found',
    noCameraDescription: 'Connect one, then open this again.',
    allowAccessTitle: 'The camera is not allowed yet',
    allowAccessDescription:
      'Your browser asks whether this site may use it. Nothing is sent before you say so.',
    startRecording: 'Record',
    stopRecording: 'Stop recording',
    submitRecordedFile: 'Upload this recording',
    discardRecordedFile: 'Record again',
  },
}
const screenWords = {
  strings: {
    pluginNameScreenCapture: 'Screen',
    startCapturing: 'Record the screen',
    stopCapturing: 'Stop recording',
    submitRecordedFile: 'Upload this recording',
    discardMediaFile: 'Record again',
  },
}
