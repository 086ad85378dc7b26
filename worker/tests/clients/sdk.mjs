// Runs the `transloadit` SDK for the tests: one JSON request a line on stdin, one JSON answer a line on stdout.
// Every answer of the engine is checked against the SDK's own schemas.
import { createInterface } from 'node:readline'
import { createReadStream } from 'node:fs'
import { verifyWebhookSignature } from '@transloadit/utils'
import { Transloadit } from 'transloadit'
import { complaintsAbout, errorCodes } from './complaints.mjs'
import { parametersOf } from './parameters.mjs'

const { authKey, authSecret, endpoint } = JSON.parse(process.argv[2])
const client = new Transloadit({ authKey, authSecret, endpoint, validateResponses: true, maxRetries: 0 })

const helpers = {
  verifyWebhookSignature: ({ rawBody, signatureHeader }) =>
    verifyWebhookSignature({ rawBody, signatureHeader, authSecret }),
  createFromStream: ({ path, ...options }) =>
    client.createAssembly({ ...options, uploads: { cat: createReadStream(path) } }),
  withToken: async ({ token, method, args }) =>
    await new Transloadit({ authToken: token, endpoint, validateResponses: true, maxRetries: 0 })[method](...args),
  // Everything that a stream of pages has to give.
  all: async ({ stream, params }) => await client[stream](params).toArray(),
  withSecret: async ({ secret, method, args }) =>
    await new Transloadit({ authKey, authSecret: secret, endpoint, maxRetries: 0 })[method](...args),
  errorCodes: () => errorCodes,
  parameters: parametersOf,
  // What the SDK's schema has to say against each of these statuses.
  complaints: ({ statuses }) => complaintsAbout(statuses),
}

function failure(error) {
  const { name, message, code, rawMessage, reason, assemblyId } = error
  return { name, message, code, rawMessage, reason, assemblyId, status: error.cause?.response?.statusCode }
}

for await (const line of createInterface({ input: process.stdin })) {
  const { method, args } = JSON.parse(line)
  const call = helpers[method] ?? client[method].bind(client)
  let answer
  try {
    answer = { result: (await call(...args)) ?? null }
  } catch (error) {
    answer = { failure: failure(error) }
  }
  process.stdout.write(`${JSON.stringify(answer)}\n`)
}
