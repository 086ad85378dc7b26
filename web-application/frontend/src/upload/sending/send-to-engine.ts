// Sends one file to the engine as one Assembly, by Uppy's Transloadit plugin.
//
// One Uppy per file, because the site signs the options of every video by itself, and the plugin makes one
// Assembly out of whatever one Uppy holds.
import Transloadit from '@uppy/transloadit'
import type { SignedAssembly } from '../../api/uploads'
import { sendIndexAhead } from './movie-index'
import {
  addFile,
  newUppy,
  RETRY_DELAYS_MS,
  startTransfer,
  type Transfer,
  type TransferListener,
} from './transfer'

export function sendToEngine(file: File, assembly: SignedAssembly, listener: TransferListener): Transfer {
  const { service, params, signature, fields } = assembly
  const uppy = newUppy().use(Transloadit, {
    service,
    assemblyOptions: { params, signature, fields },
    waitForEncoding: false,
    errorReporting: false,
    limit: 1,
    retryDelays: RETRY_DELAYS_MS,
  })
  reportErrorsToNobody(uppy)
  uppy.on('transloadit:assembly-created', ({ assembly_id }) => {
    if (assembly_id) listener.onAssembly(assembly_id)
  })
  const fileId = addFile(uppy, file)
  onUploadUrl(uppy, fileId, (uploadUrl) => void sendIndexAhead(file, uploadUrl))
  return startTransfer({ uppy, fileId }, listener)
}

// tus learns where the bytes go, and writes it down beside the file; there is no event for it.
function onUploadUrl(
  uppy: ReturnType<typeof newUppy>,
  fileId: string,
  onFound: (uploadUrl: string) => void,
): void {
  const notice = (_: unknown, { files }: { files: Record<string, object> }) => {
    const { tus } = (files[fileId] ?? {}) as { tus?: { uploadUrl?: string | null } }
    if (!tus?.uploadUrl) return
    uppy.off('state-update', notice)
    onFound(tus.uploadUrl)
  }
  uppy.on('state-update', notice)
}

// Even with errorReporting false the plugin tells its makers about failed uploads. A private site must not.
function reportErrorsToNobody(uppy: { getPlugin: (name: string) => unknown }): void {
  const plugin = uppy.getPlugin('Transloadit') as { client: { submitError: () => Promise<void> } }
  plugin.client.submitError = async () => {}
}
