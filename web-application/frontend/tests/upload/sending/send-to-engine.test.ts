import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { sendToEngine } from '../../../src/upload/sending/send-to-engine'

// What the engine is told about the index of a film has a test of its own.
const indexesSentTo: string[] = []
vi.mock('../../../src/upload/sending/movie-index', () => ({
  sendIndexAhead: async (_: Blob, uploadUrl: string) => void indexesSentTo.push(uploadUrl),
}))

const BYTES = Buffer.alloc(1000)
let engine: Server
let service: string
let isBroken: boolean
let requests: string[]

function answer(request: IncomingMessage, response: ServerResponse): void {
  requests.push(`${request.method} ${request.url}`)
  const created = `${service}/assemblies/1`
  const assembly = {
    ok: 'ASSEMBLY_UPLOADING',
    assembly_id: '1',
    assembly_ssl_url: created,
    tus_url: `${service}/resumable/files/`,
    websocket_url: service,
  }
  if (isBroken && request.method === 'POST') response.writeHead(500).end('{"error":"BROKEN"}')
  else if (request.url?.startsWith('/assemblies')) response.writeHead(200).end(JSON.stringify(assembly))
  else if (request.method === 'POST')
    response.writeHead(201, { Location: `${service}/resumable/files/7` }).end()
  else if (request.method === 'PATCH')
    request.resume().on('end', () => response.writeHead(204, { 'Upload-Offset': String(BYTES.length) }).end())
  else response.writeHead(404).end()
}

beforeEach(async () => {
  requests = []
  isBroken = false
  indexesSentTo.length = 0
  vi.spyOn(console, 'error').mockImplementation(() => {})
  engine = createServer(answer).listen(0, '127.0.0.1')
  await new Promise((resolve) => engine.once('listening', resolve))
  service = `http://127.0.0.1:${(engine.address() as AddressInfo).port}`
  vi.stubGlobal(
    'EventSource',
    class extends EventTarget {
      close() {}
    },
  )
})

afterEach(() => {
  engine.closeAllConnections()
  engine.close()
  vi.unstubAllGlobals()
  vi.restoreAllMocks()
})

function send() {
  // tus-js-client takes no File outside browsers, but a Buffer.
  const file = Object.assign(Buffer.from(BYTES), { name: 'cat.mp4', type: 'video/mp4', size: BYTES.length })
  const heard = { assembly: '', sent: 0, errors: [] as Error[] }
  const transfer = sendToEngine(
    file as unknown as File,
    { service, params: '{"auth":{"key":"site"}}', signature: 'sha384:0', fields: {} },
    {
      onAssembly: (id) => {
        heard.assembly = id
      },
      onProgress: () => {},
      onSent: () => {
        heard.sent += 1
      },
      onError: (error) => heard.errors.push(error),
    },
  )
  return { heard, transfer }
}

test('tus tells where the bytes go, so that the index of a film can go ahead', async () => {
  const { heard, transfer } = send()
  await vi.waitFor(() => expect(heard.sent + heard.errors.length).toBe(1), 5000)
  transfer.cancel()

  expect(heard).toEqual({ assembly: '1', sent: 1, errors: [] })
  expect(indexesSentTo).toEqual([`${service}/resumable/files/7`])
})

test('an upload that fails is reported to nobody but the site', async () => {
  isBroken = true
  const strangers: string[] = []
  const { fetch } = globalThis
  vi.stubGlobal('fetch', (url: string, options: RequestInit) => {
    if (!url.startsWith(service)) strangers.push(url)
    return fetch(url, options)
  })
  const { heard, transfer } = send()
  await vi.waitFor(() => expect(heard.errors).toHaveLength(1), 5000)
  transfer.cancel()

  expect(requests.length).toBeGreaterThan(0)
  expect(strangers).toEqual([])
})
