// The transfer of one file out of the browser, by an Uppy of its own.
import Uppy, { type Body, type Meta } from '@uppy/core'

// Longer than the plugins' own: a server that restarts must not cost gigabytes already sent.
export const RETRY_DELAYS_MS = [1000, 3000, 7000, 15_000, 30_000, 60_000, 60_000, 60_000, 60_000, 60_000]

export interface TransferListener {
  onAssembly: (assemblyId: string) => void
  onProgress: (sentBytes: number) => void
  onSent: () => void
  onError: (error: Error) => void
}

export interface Transfer {
  pause: () => void
  resume: () => void
  /** Stops and frees what was sent; nothing is heard afterwards. */
  cancel: () => void
}

interface LoadedUppy<M extends Meta, B extends Body> {
  uppy: Uppy<M, B>
  /** Of the one file in it. */
  fileId: string
  /** True when the error is taken care of, and the transfer goes on. */
  isRecovered?: (error: Error) => boolean
}

export function newUppy<M extends Meta, B extends Body>(): Uppy<M, B> {
  return new Uppy<M, B>({ restrictions: { maxNumberOfFiles: 1 } })
}

export function addFile<M extends Meta, B extends Body>(uppy: Uppy<M, B>, file: File): string {
  return uppy.addFile({ name: file.name, type: file.type, data: file, source: 'CatTube' })
}

/** Send the file; its end is told once, whatever is heard afterwards. */
export function startTransfer<M extends Meta, B extends Body>(
  { uppy, fileId, isRecovered = () => false }: LoadedUppy<M, B>,
  listener: TransferListener,
): Transfer {
  let isOver = false
  const endWith = (tell: () => void) => {
    if (isOver) return
    isOver = true
    tell()
  }
  uppy.on('upload-progress', (_, { bytesUploaded }) => {
    if (!isOver && typeof bytesUploaded === 'number') listener.onProgress(bytesUploaded)
  })
  uppy.on('upload-success', () => endWith(listener.onSent))
  uppy.on('upload-error', (_, error) => {
    if (isOver || !isRecovered(error)) endWith(() => listener.onError(error))
  })
  uppy.on('error', (error) => {
    // An error that Uppy words for people echoes an upload-error, and comes before it without its cause.
    if (!('isUserFacing' in error)) endWith(() => listener.onError(new Error(error.message)))
  })
  uppy
    .upload()
    .catch((error: unknown) =>
      endWith(() => listener.onError(error instanceof Error ? error : new Error('The upload stopped'))),
    )

  const isPaused = () => uppy.getFile(fileId)?.isPaused === true
  return {
    pause: () => void (isPaused() || uppy.pauseResume(fileId)),
    resume: () => void (isPaused() && uppy.pauseResume(fileId)),
    cancel: () => {
      isOver = true
      uppy.destroy()
    },
  }
}
