// Sends one file straight into the bucket in parts, by Uppy's S3 plugin with requests that the site signs.
//
// The site has opened the multipart upload when it made the record, so the plugin is told to go on with it:
// it asks which parts are there and sends the others. That is also how it goes on after a break.
import AwsS3 from '@uppy/aws-s3'
import { ApiError, type BucketUpload, completeRequest, partLink, partsRequest } from '../api/client'
import { addFile, type Listener, newUppy, RETRY_DELAYS_MS, type Sending, startSending } from './transfer'

interface Request {
  method: string
  partNumber?: number
}

export function sendToBucket(
  file: File,
  videoId: string,
  bucket: BucketUpload,
  listener: Listener,
  delays: readonly number[] = RETRY_DELAYS_MS,
): Sending {
  const uppy = newUppy().use(AwsS3, {
    shouldUseMultipart: true,
    getChunkSize: () => bucket.part_bytes,
    signRequest: (request) => signed(videoId, request),
  })
  const fileId = addFile(uppy, file)
  // What the bucket calls them is the site's business: the plugin only hands these back.
  uppy.setFileState(fileId, { s3Multipart: { uploadId: videoId, key: videoId } })

  let tries = 0
  let timer: ReturnType<typeof setTimeout> | undefined
  /** Paused while it waited for its next try. */
  let isHeld = false
  const goOn = () => {
    timer = undefined
    void uppy.retryUpload(fileId).catch(() => {})
  }
  const stopWaiting = () => {
    const waited = timer !== undefined
    clearTimeout(timer)
    timer = undefined
    return waited
  }
  uppy.on('s3-multipart:part-uploaded', () => {
    tries = 0
  })
  const survives = (error: Error) => {
    const delay = delays[tries]
    if (delay === undefined || isFinal(error)) return false
    tries += 1
    timer = setTimeout(goOn, delay)
    return true
  }
  const sending = startSending({ uppy, fileId, survives }, listener)
  return {
    pause: () => {
      if (stopWaiting()) isHeld = true
      else sending.pause()
    },
    resume: () => {
      if (isHeld) goOn()
      else sending.resume()
      isHeld = false
    },
    cancel: () => {
      stopWaiting()
      sending.cancel()
    },
  }
}

// The upload is gone, or was never ours. A link that is too old (403) and missing parts (409) mend themselves.
const FINAL = new Set([400, 401, 404])

function isFinal(error: Error): boolean {
  if (error instanceof ApiError) return !error.isPassing
  return 'status' in error && FINAL.has(error.status as number)
}

/** Where the plugin is to go for one of the requests that it makes. */
async function signed(videoId: string, { method, partNumber }: Request) {
  if (method === 'PUT' && partNumber !== undefined) return partLink(videoId, partNumber)
  if (method === 'GET') return partsRequest(videoId)
  if (method === 'POST') return completeRequest(videoId)
  // Deleting the record, or trying anew, frees the parts as well.
  throw new Error('The site itself aborts uploads')
}
