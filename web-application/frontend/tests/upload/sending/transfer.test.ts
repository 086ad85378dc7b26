import { expect, test, vi } from 'vitest'
import { addFile, newUppy, startTransfer } from '../../../src/upload/sending/transfer'

test('an error that Uppy words for people is not taken for its cause', async () => {
  vi.spyOn(console, 'error').mockImplementation(() => {})
  const cause = new Error('The bucket said no')
  const uppy = newUppy()
  const fileId = addFile(uppy, new File(['x'], 'cat.mp4'))
  uppy.addUploader(async () => {
    uppy.emit('upload-error', uppy.getFile(fileId), cause)
    throw cause
  })
  const errors: Error[] = []

  startTransfer(
    { uppy, fileId },
    {
      onAssembly: () => {},
      onProgress: () => {},
      onSent: () => {},
      onError: (error) => errors.push(error),
    },
  )

  await vi.waitFor(() => expect(errors).toEqual([cause]))
  expect(errors[0]).toBe(cause)
  vi.restoreAllMocks()
})
