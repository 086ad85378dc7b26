// Runs the `transloadit` SDK for the tests: one JSON request a line on stdin, one JSON answer a line on stdout.
// Every answer of the engine is checked against the SDK's own schemas.
import { createInterface } from 'node:readline'
import { createReadStream } from 'node:fs'
import { pathToFileURL } from 'node:url'
import { verifyWebhookSignature } from '@transloadit/utils'
import { Transloadit } from 'transloadit'

// Inside the package, which shows only its client.
const inner = (path) => import(pathToFileURL(`node_modules/transloadit/dist/alphalib/${path}`))
const { assemblyStatusErrCodeSchema, assemblyStatusSchema } = await inner('types/assemblyStatus.js')
const { zodParseWithContext } = await inner('zodParseWithContext.js')
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
  errorCodes: () => assemblyStatusErrCodeSchema.options,
  // What the SDK's schema has to say against each of these statuses.
  complaints: ({ statuses }) => statuses.map((status) => complaint(status)).filter(Boolean),
}

function complaint(status) {
  const parsed = zodParseWithContext(assemblyStatusSchema, status)
  return parsed.success ? null : parsed.humanReadable
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
