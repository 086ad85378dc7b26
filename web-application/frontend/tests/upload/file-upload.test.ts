import { beforeEach, expect, test, vi } from 'vitest'
import type { Upload } from '../../src/api/uploads'
import { FileUpload } from '../../src/upload/file-upload'
import type { TransferListener } from '../../src/upload/sending/transfer'
import { UploadQueue } from '../../src/upload/upload-queue'

// The network border: what the engine was sent, and what the site was asked and answers.
const transfers: { params: string; listener: TransferListener; cancel: () => void }[] = []
vi.mock('../../src/upload/sending/send-file', () => ({
  sendFile: (_: File, { assembly }: Upload, listener: TransferListener) => {
    const sending = {
      params: assembly?.params ?? '',
      listener,
      pause: vi.fn(),
      resume: vi.fn(),
      cancel: vi.fn(),
    }
    transfers.push(sending)
    return sending
  },
}))

const requests: string[] = []
let answers: Record<string, () => Response>
const json =
  (body: object, status = 200) =>
  () =>
    new Response(JSON.stringify(body), { status })
const video = (status: string, error: object | null = null) => ({
  id: 'm3Zt8_aQp1s',
  status,
  progress: 0,
  error,
})
const madeUntil = (year: number) => {
  const params = JSON.stringify({ auth: { expires: `${year}/01/01 00:00:00+00:00` } })
  return json({ video: video('uploading'), assembly: { params, service: 'http://engine.test' } }, 201)
}

const intoTheBucket = json({ video: video('uploading'), assembly: null, bucket: { part_bytes: 8 } }, 201)
const stored = new Map<string, string>()

beforeEach(() => {
  transfers.length = requests.length = 0
  stored.clear()
  vi.stubGlobal('localStorage', {
    getItem: (name: string) => stored.get(name) ?? null,
    setItem: (name: string, text: string) => stored.set(name, text),
    removeItem: (name: string) => stored.delete(name),
  })
  answers = { 'POST /api/uploads': madeUntil(2999) }
  vi.stubGlobal('document', { querySelector: () => null })
  vi.stubGlobal('fetch', async (url: string, { method }: RequestInit) => {
    requests.push(`${method} ${url}`)
    return (
      answers[`${method} ${url}`] ?? json({ error: 'NOT_FOUND', message: 'There is no such video' }, 404)
    )()
  })
})

/** The request for a new attempt: it says how large the file is that comes now. */
const retryOf = (sizeBytes: number) => `POST /api/videos/m3Zt8_aQp1s/retry?size_bytes=${sizeBytes}`

function uploadOf(size = 100) {
  const phases: string[] = []
  const queue: UploadQueue<FileUpload> = new UploadQueue(3, (next) => void next.start())
  const file = new File(['x'.repeat(size)], 'hd.mp4', { type: 'video/mp4', lastModified: 1 })
  const upload = new FileUpload(file, queue, ({ state }) => phases.push(state.phase))
  return { upload, phases }
}

test('the record is made before the first byte, and the video follows to ready', async () => {
  answers['GET /api/videos/m3Zt8_aQp1s'] = json(video('ready'))
  const { upload, phases } = uploadOf()

  await upload.begin({})
  expect(requests).toEqual(['POST /api/uploads'])
  transfers[0]?.listener.onProgress(50)
  transfers[0]?.listener.onSent()

  await vi.waitFor(() => expect(upload.state.phase).toBe('ready'))
  expect(phases).toEqual(['preparing', 'uploading', 'uploading', 'received', 'ready'])
})

test('an assembly that was signed too long ago is signed anew before anything is sent', async () => {
  answers['POST /api/uploads'] = madeUntil(2020)
  answers[retryOf(100)] = madeUntil(2999)
  const { upload } = uploadOf()

  await upload.begin({})

  await vi.waitFor(() => expect(transfers[0]?.params).toContain('2999'))
})

test('when the engine refused the file, its reason is shown and not "upload stopped"', async () => {
  const error = { code: 'INVALID_INPUT_ERROR', message: 'Not a video we can read' }
  answers['GET /api/videos/m3Zt8_aQp1s'] = json(video('failed', error))
  const { upload } = uploadOf()
  await upload.begin({})

  transfers[0]?.listener.onError(new Error('Assembly failed'))

  await vi.waitFor(() => expect(upload.state).toEqual({ phase: 'failed', reason: 'Not a video we can read' }))
})

test('retry is a new attempt of the same record', async () => {
  answers[retryOf(100)] = madeUntil(2999)
  const { upload } = uploadOf()
  await upload.begin({})
  transfers[0]?.listener.onError(new Error('Network error'))
  await vi.waitFor(() => expect(upload.state.phase).toBe('failed'))

  await upload.retry()

  await vi.waitFor(() => expect(transfers).toHaveLength(2))
  expect(requests.filter((request) => request === 'POST /api/uploads')).toHaveLength(1)
})

test('after a reload the same file goes on in the bucket, and another one starts anew', async () => {
  answers['POST /api/uploads'] = intoTheBucket
  answers['GET /api/uploads/m3Zt8_aQp1s'] = intoTheBucket
  answers[retryOf(99)] = intoTheBucket
  const { upload } = uploadOf()
  await upload.begin({})
  const broken = upload.video ?? undefined

  requests.length = 0
  await uploadOf().upload.begin({}, broken)
  await uploadOf(99).upload.begin({}, broken)

  expect(requests).toEqual(['GET /api/uploads/m3Zt8_aQp1s', retryOf(99)])
})

test('an upload that the site has given up starts anew', async () => {
  answers['POST /api/uploads'] = intoTheBucket
  answers[retryOf(100)] = intoTheBucket
  const { upload } = uploadOf()
  await upload.begin({})
  const broken = upload.video ?? undefined

  answers['GET /api/uploads/m3Zt8_aQp1s'] = json({ error: 'NOT_UPLOADING', message: 'Arrived' }, 409)
  await uploadOf().upload.begin({}, broken)

  expect(requests.at(-1)).toBe(retryOf(100))
})

test('a file that has arrived is not remembered', async () => {
  answers['POST /api/uploads'] = intoTheBucket
  answers['GET /api/videos/m3Zt8_aQp1s'] = json(video('ready'))
  const { upload } = uploadOf()
  await upload.begin({})
  expect(stored.size).toBe(1)

  transfers[0]?.listener.onSent()
  await vi.waitFor(() => expect(upload.state.phase).toBe('ready'))

  expect(stored.size).toBe(0)
})

test('cancelling stops the bytes and leaves no record', async () => {
  answers['DELETE /api/videos/m3Zt8_aQp1s?permanent=true'] = () => new Response(null, { status: 204 })
  const { upload, phases } = uploadOf()
  await upload.begin({})

  await upload.cancel()
  const count = phases.length
  transfers[0]?.listener.onProgress(60)

  expect(transfers[0]?.cancel).toHaveBeenCalled()
  expect(requests.at(-1)).toBe('DELETE /api/videos/m3Zt8_aQp1s?permanent=true')
  expect(phases).toHaveLength(count)
})

test('a site that says no is quoted', async () => {
  answers['POST /api/uploads'] = json({ error: 'QUOTA', message: 'Storage is full.' }, 507)
  const { upload } = uploadOf()

  await upload.begin({})

  expect(upload.state).toEqual({ phase: 'failed', reason: 'Storage is full.' })
})

test('silence is told, and ends when bytes move again', async () => {
  const { upload } = uploadOf()
  await upload.begin({})

  upload.tick(Date.now() + 60_000)
  expect(upload.state.phase).toBe('offline')
  transfers[0]?.listener.onProgress(70)

  expect(upload.state.phase).toBe('uploading')
})
