// Sends one file to the engine as one Assembly, by Uppy's Transloadit plugin.
//
// One Uppy per file, because the site signs the options of every video by itself, and the plugin makes one
// Assembly out of whatever one Uppy holds.
import Transloadit from '@uppy/transloadit'
import type { SignedAssembly } from '../api'
import { addFile, newUppy, RETRY_DELAYS_MS, startSending, type Listener, type Sending } from './sending'

export function sendToEngine(file: File, assembly: SignedAssembly, listener: Listener): Sending {
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
  return startSending({ uppy, fileId: addFile(uppy, file) }, listener)
}

// Even with errorReporting false the plugin tells its makers about failed uploads. A private site must not.
function reportErrorsToNobody(uppy: { getPlugin: (name: string) => unknown }): void {
  const plugin = uppy.getPlugin('Transloadit') as { client: { submitError: () => Promise<void> } }
  plugin.client.submitError = async () => {}
}
