import { expect, test } from 'vitest'
import { signatureExpiryMs } from '../../src/api/uploads'

test('the date as Transloadit writes it is understood by every browser', () => {
  const params = JSON.stringify({ auth: { expires: '2026/11/23 18:00:00+00:00' } })

  expect(signatureExpiryMs(params)).toBe(Date.UTC(2026, 10, 23, 18))
  expect(signatureExpiryMs('{}')).toBe(Number.POSITIVE_INFINITY)
})
