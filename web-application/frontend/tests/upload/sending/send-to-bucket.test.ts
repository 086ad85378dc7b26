import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { sendToBucket } from '../../../src/upload/sending/send-to-bucket'

const MIB = 2 ** 20
const ID = 'm3Zt8_aQp1s'
const BUCKET = 'http://bucket.test'

/** What the bucket and the site were asked, in order; the answers by "METHOD path". */
let requests: string[]
let answers: Record<string, (() => [status: number, body?: string])[]>
let stored: Set<number>

const answerTo = (request: string): [number, string?] => {
  requests.push(request)
  const next = answers[request]?.shift()
  if (next) return next()
  const part = request.match(/^PUT .*\/(\d+)$/)?.[1]
  if (part) stored.add(Number(part))
  if (request === `GET /api/uploads/${ID}/parts`) return [200, listOfParts()]
  if (request === `POST /api/uploads/${ID}/complete`) return [200, COMPLETED]
  return [200]
}
const listOfParts = () =>
  `<ListPartsResult>${[...stored]
    .map((number) => `<Part><PartNumber>${number}</PartNumber><ETag>"e${number}"</ETag></Part>`)
    .join('')}</ListPartsResult>`
const COMPLETED =
  '<CompleteMultipartUploadResult><Location>/videos/x</Location><Key>k</Key></CompleteMultipartUploadResult>'

// The network border: as much of XMLHttpRequest as Uppy uses.
class Request {
  upload: { onprogress?: (event: object) => void } = {}
  status = 0
  statusText = ''
  responseText = ''
  onload?: () => void
  onerror?: () => void
  #request = ''
  #isAborted = false
  open(method: string, url: string) {
    this.#request = `${method} ${url}`
  }
  setRequestHeader(name: string, value: string) {
    if (this.#request.includes('/complete')) headers[name] = value
  }
  getResponseHeader(name: string) {
    return name === 'etag' ? '"etag"' : null
  }
  send(body: Blob | string | null) {
    queueMicrotask(() => {
      if (this.#isAborted) return
      const [status, text = ''] = answerTo(this.#request)
      Object.assign(this, { status, responseText: text })
      const size = body instanceof Blob ? body.size : 0
      if (status === 200) this.upload.onprogress?.({ lengthComputable: true, loaded: size, total: size })
      if (status) this.onload?.()
      else this.onerror?.()
    })
  }
  abort() {
    this.#isAborted = true
  }
}
let headers: Record<string, string>

beforeEach(() => {
  requests = []
  answers = {}
  headers = {}
  stored = new Set()
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
  vi.stubGlobal('XMLHttpRequest', Request)
  vi.stubGlobal('document', { querySelector: () => ({ content: 'csrf' }) })
  vi.spyOn(console, 'error').mockImplementation(() => {})
  vi.stubGlobal('fetch', async (url: string, { method }: RequestInit) => {
    const [status] = answerTo(`${method} ${url}`)
    const place = url.replace(`/api/uploads/${ID}`, BUCKET)
    const body = status < 400 ? { url: place } : { error: 'X', message: 'The site says no.' }
    return new Response(JSON.stringify(body), { status })
  })
})

afterEach(() => {
  vi.useRealTimers()
  vi.restoreAllMocks()
})

function send(delays?: number[]) {
  const heard = { progress: [] as number[], sent: 0, errors: [] as Error[] }
  const file = new File([new Uint8Array(12 * MIB)], 'cat.mp4', { type: 'video/mp4' })
  const sending = sendToBucket(
    file,
    ID,
    { size_bytes: file.size, part_bytes: 5 * MIB },
    {
      onAssembly: () => {},
      onProgress: (bytes) => heard.progress.push(bytes),
      onSent: () => {
        heard.sent += 1
      },
      onError: (error) => heard.errors.push(error),
    },
    delays,
  )
  return { sending, heard }
}

/** Let everything happen that can, waiting included. */
const settle = () => vi.advanceTimersByTimeAsync(600_000)
const puts = () => requests.filter((request) => request.startsWith('PUT'))

test('the parts go one after the other to where the site says, and the site completes them', async () => {
  const { heard } = send()
  await settle()

  expect(puts()).toEqual([`PUT ${BUCKET}/parts/1`, `PUT ${BUCKET}/parts/2`, `PUT ${BUCKET}/parts/3`])
  expect(requests.at(-1)).toBe(`POST /api/uploads/${ID}/complete`)
  expect(headers).toMatchObject({ Accept: 'application/xml', 'X-CSRFToken': 'csrf' })
  expect(heard.sent).toBe(1)
  expect(heard.progress.at(-1)).toBe(12 * MIB)
})

test('parts that are there already are not sent again', async () => {
  stored.add(1).add(2)
  const { heard } = send()
  await settle()

  expect(puts()).toEqual([`PUT ${BUCKET}/parts/3`])
  expect(heard.progress[0]).toBe(10 * MIB)
  expect(heard.sent).toBe(1)
})

test('s07 a bucket that is away for minutes costs only the part that was on its way', async () => {
  answers[`PUT ${BUCKET}/parts/2`] = Array.from({ length: 18 }, () => () => [503] as [number])
  const { heard } = send()
  await settle()

  expect(heard.errors).toEqual([])
  expect(heard.sent).toBe(1)
  expect(puts().filter((request) => request.endsWith('/1'))).toHaveLength(1)
})

test('a bucket that stays away is told once, after all tries', async () => {
  answers[`PUT ${BUCKET}/parts/1`] = Array.from({ length: 99 }, () => () => [0] as [number])
  const { heard } = send([10, 20])
  await settle()

  expect(heard.errors).toHaveLength(1)
  expect(heard.sent).toBe(0)
})

test('a site that says no is not asked again', async () => {
  answers[`POST /api/uploads/${ID}/parts/2`] = [() => [404]]
  const { heard } = send()
  await settle()

  expect(heard.errors.map(({ message }) => message)).toEqual(['The site says no.'])
  expect(requests.filter((request) => request.endsWith('parts/2'))).toHaveLength(1)
})

test('an upload that the bucket does not know any more ends at once', async () => {
  answers[`PUT ${BUCKET}/parts/2`] = [() => [404]]
  const { heard } = send()
  await settle()

  expect(heard.errors).toHaveLength(1)
  expect(puts()).toHaveLength(2)
})

test('an upload that is not whole when it is completed sends the rest', async () => {
  answers[`POST /api/uploads/${ID}/complete`] = [
    () => {
      stored.delete(2)
      return [409]
    },
  ]
  const { heard } = send()
  await settle()

  expect(puts().filter((request) => request.endsWith('/2'))).toHaveLength(2)
  expect(heard.sent).toBe(1)
})

test('pause holds the next try, and resume makes it', async () => {
  answers[`PUT ${BUCKET}/parts/2`] = Array.from({ length: 4 }, () => () => [503] as [number])
  const { sending, heard } = send([60_000])
  await vi.advanceTimersByTimeAsync(10_000)

  sending.pause()
  await settle()
  expect(heard.sent).toBe(0)
  sending.resume()
  await settle()

  expect(heard.sent).toBe(1)
})

test('cancelling asks the bucket for nothing: the site frees the parts with the record', async () => {
  answers[`PUT ${BUCKET}/parts/2`] = Array.from({ length: 4 }, () => () => [503] as [number])
  const { sending, heard } = send()
  await vi.advanceTimersByTimeAsync(2000)

  sending.cancel()
  const before = requests.length
  await settle()

  expect(requests).toHaveLength(before)
  expect(heard).toMatchObject({ sent: 0, errors: [] })
})
