// Sends one file with tus-js-client for the tests, and says as one line of JSON what became of it.
import { createReadStream } from 'node:fs'
import { FileUrlStorage, Upload } from 'tus-js-client'

let { path, storage, stopAfterBytes = Infinity, ...options } = JSON.parse(process.argv[2])
const requests = []

const upload = new Upload(createReadStream(path), {
  ...options,
  urlStorage: new FileUrlStorage(storage),
  retryDelays: null,
  onBeforeRequest: (request) => requests.push(describe(request)),
  onProgress: (sentBytes) => sentBytes >= stopAfterBytes && stop(),
  onSuccess: () => tell({ url: upload.url }),
  onError: ({ message, originalResponse }) => tell({ error: message, status: originalResponse?.getStatus() ?? null }),
})

function describe(request) {
  const method = request.getMethod()
  const [concat] = request.getHeader('Upload-Concat')?.split(';') ?? []
  return method === 'POST' && concat ? `POST ${concat}` : method
}

async function stop() {
  stopAfterBytes = Infinity
  await upload.abort()
  tell({ url: upload.url })
}

function tell(outcome) {
  process.stdout.write(`${JSON.stringify({ ...outcome, requests })}\n`, () => process.exit())
}

const [previous] = await upload.findPreviousUploads()
if (previous) upload.resumeFromPreviousUpload(previous)
upload.start()
