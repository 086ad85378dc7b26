// A page with nothing but Uppy and its Transloadit plugin, driven by the tests.
import Uppy from '@uppy/core'
import Transloadit from '@uppy/transloadit'

const EVENTS = [
  'transloadit:upload',
  'transloadit:assembly-executing',
  'transloadit:complete',
  'transloadit:assembly-cancelled',
  'upload-progress',
  'error',
]

window.prepare = ({ files, ...options }) => {
  const uppy = new Uppy()
  uppy.use(Transloadit, { ...options, errorReporting: false })
  window.uppy = uppy
  window.happened = []
  for (const name of EVENTS) uppy.on(name, () => window.happened.push(name))
  uppy.on('transloadit:assembly-created', (assembly) => {
    window.assembly = assembly
  })
  uppy.on('transloadit:assembly-error', (_, error) => {
    window.assemblyError = error.error
    window.happened.push('transloadit:assembly-error')
  })
  for (const { name, size, base64 } of files) {
    const bytes = base64
      ? Uint8Array.from(atob(base64), (character) => character.charCodeAt(0))
      : new Uint8Array(size).map((_, index) => index % 251)
    uppy.addFile({ name, type: 'application/octet-stream', data: new Blob([bytes]) })
  }
}

window.send = () => {
  window.outcome = window.uppy.upload().then(
    (result) => ({ sent: result.successful.length, failed: result.failed.length, assemblies: result.transloadit }),
    (error) => ({ error: error.message }),
  )
}
