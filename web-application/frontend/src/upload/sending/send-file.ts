// Sends one file to where the site says: to the engine, or straight into the bucket.
import type { Upload } from '../../api/uploads'
import { sendToBucket } from './send-to-bucket'
import { sendToEngine } from './send-to-engine'
import type { Transfer, TransferListener } from './transfer'

export function sendFile(
  file: File,
  { video, assembly, bucket }: Upload,
  listener: TransferListener,
): Transfer {
  if (bucket) return sendToBucket(file, video.id, bucket, listener)
  if (assembly) return sendToEngine(file, assembly, listener)
  throw new Error('The site names no place to send the file to')
}
