// Sends one file to the engine as one Assembly, by Uppy's Transloadit plugin.
//
// One Uppy per file, because the site signs the options of every video by itself, and the plugin makes one
// Assembly out of whatever one Uppy holds.
import Uppy from '@uppy/core'
import Transloadit from '@uppy/transloadit'
import type { SignedAssembly } from '../api'

// Longer than the plugin's own minute: an engine that restarts must not cost gigabytes already sent.
const RETRY_DELAYS_MS = [1_000, 3_000, 7_000, 15_000, 30_000, 60_000, 60_000, 60_000, 60_000, 60_000]

export interface Listener {
  onAssembly: (assemblyId: string) => void
  onProgress: (sentBytes: number) => void
  onSent: () => void
  onError: (error: Error) => void
}

export interface Sending {
  pause: () => void
  resume: () => void
  /** Stops and cancels the Assembly at the engine; nothing is heard afterwards. */
  cancel: () => void
}

export function sendFile(file: File, assembly: SignedAssembly, listener: Listener): Sending {
  const { service, params, signature, fields } = assembly
  const uppy = new Uppy({ restrictions: { maxNumberOfFiles: 1 } }).use(Transloadit, {
    service,
    assemblyOptions: { params, signature, fields },
    waitForEncoding: false,
    errorReporting: false,
    limit: 1,
    retryDelays: RETRY_DELAYS_MS,
  })
  reportErrorsToNobody(uppy)
  const id = uppy.addFile({ name: file.name, type: file.type, data: file, source: 'CatTube' })

  let isOver = false
  const once = (tell: () => void) => {
    if (isOver) return
    isOver = true
    tell()
  }
  uppy.on('transloadit:assembly-created', ({ assembly_id }) => {
    if (assembly_id) listener.onAssembly(assembly_id)
  })
  uppy.on('upload-progress', (_, { bytesUploaded }) => {
    if (!isOver && typeof bytesUploaded === 'number') listener.onProgress(bytesUploaded)
  })
  uppy.on('upload-success', () => once(listener.onSent))
  uppy.on('upload-error', (_, error) => once(() => listener.onError(error)))
  uppy.on('error', (error) => once(() => listener.onError(new Error(error.message))))
  uppy
    .upload()
    .catch((error: unknown) => once(() => listener.onError(error instanceof Error ? error : new Error())))

  const isPaused = () => uppy.getFile(id)?.isPaused === true
  return {
    pause: () => void (isPaused() || uppy.pauseResume(id)),
    resume: () => void (isPaused() && uppy.pauseResume(id)),
    cancel: () => {
      isOver = true
      uppy.destroy()
    },
  }
}

// Even with errorReporting false the plugin tells its makers about failed uploads. A private site must not.
function reportErrorsToNobody(uppy: Uppy): void {
  const plugin = uppy.getPlugin('Transloadit') as unknown as { client: { submitError: () => Promise<void> } }
  plugin.client.submitError = async () => {}
}
