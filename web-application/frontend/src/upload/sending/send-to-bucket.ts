// Sends one file straight into the bucket in parts, by Uppy's S3 plugin with requests that the site signs.
//
// The site has opened the multipart upload when it made the record, so the plugin is told to go on with it:
// it asks which parts are there and sends the others. That is also how it goes on after a break.
import AwsS3 from '@uppy/aws-s3'
import { ApiError } from '../../api/client'
import { type BucketUpload, completeRequest, partLink, partsRequest } from '../../api/uploads'
import {
  addFile,
  newUppy,
  RETRY_DELAYS_MS,
  startTransfer,
  type Transfer,
  type TransferListener,
} from './transfer'

interface Request {
  method: string
  partNumber?: number
}

export function sendToBucket(
  file: File,
  videoId: string,
  bucket: BucketUpload,
  listener: TransferListener,
  delays: readonly number[] = RETRY_DELAYS_MS,
): Transfer {
  const uppy = newUppy().use(AwsS3, {
    shouldUseMultipart: true,
    getChunkSize: () => bucket.part_bytes,
    signRequest: (request) => signed(videoId, request),
  })
  const fileId = addFile(uppy, file)
  // The site knows the bucket's own names for them: the plugin only hands these back.
  uppy.setFileState(fileId, { s3Multipart: { uploadId: videoId, key: videoId } })

  let tries = 0
  let timer: ReturnType<typeof setTimeout> | undefined
  /** Paused while it waited for its next try. */
  let isHeld = false
  const tryAgain = () => {
    timer = undefined
    void uppy.retryUpload(fileId).catch(() => {})
  }
  const stopWaiting = () => {
    const wasWaiting = timer !== undefined
    clearTimeout(timer)
    timer = undefined
    return wasWaiting
  }
  uppy.on('s3-multipart:part-uploaded', () => {
    tries = 0
  })
  const isRecovered = (error: Error) => {
    const delay = delays[tries]
    if (delay === undefined || isFinal(error)) return false
    tries += 1
    timer = setTimeout(tryAgain, delay)
    return true
  }
  const transfer = startTransfer({ uppy, fileId, isRecovered }, listener)
  return {
    pause: () => {
      if (stopWaiting()) isHeld = true
      else transfer.pause()
    },
    resume: () => {
      if (isHeld) tryAgain()
      else transfer.resume()
      isHeld = false
    },
    cancel: () => {
      stopWaiting()
      transfer.cancel()
    },
  }
}

// The upload is gone, or was never ours. A link that is too old (403) and missing parts (409) are renewed.
const FINAL = new Set([400, 401, 404])

function isFinal(error: Error): boolean {
  if (error instanceof ApiError) return !error.isPassing
  return 'status' in error && FINAL.has(error.status as number)
}

/** The signed request in place of one that the plugin makes. */
async function signed(videoId: string, { method, partNumber }: Request) {
  if (method === 'PUT' && partNumber !== undefined) return partLink(videoId, partNumber)
  if (method === 'GET') return partsRequest(videoId)
  if (method === 'POST') return completeRequest(videoId)
  // Deleting the record, or trying anew, frees the parts as well.
  throw new Error('The site itself aborts uploads')
}
