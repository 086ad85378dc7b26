// What the `transloadit` SDK's own schema has to say against statuses. As a command: a JSON list of statuses on
// stdin, a JSON list of complaints on stdout.
import { readFileSync } from 'node:fs'
import { pathToFileURL } from 'node:url'

// Inside the package, which shows only its client.
const inner = (path) => import(new URL(`node_modules/transloadit/dist/alphalib/${path}`, import.meta.url))
const { assemblyStatusErrCodeSchema, assemblyStatusSchema } = await inner('types/assemblyStatus.js')
const { zodParseWithContext } = await inner('zodParseWithContext.js')

export const errorCodes = assemblyStatusErrCodeSchema.options

export function complaintsAbout(statuses) {
  const parsed = statuses.map((status) => zodParseWithContext(assemblyStatusSchema, status))
  return parsed.filter(({ success }) => !success).map(({ humanReadable }) => humanReadable)
}

if (import.meta.url === pathToFileURL(process.argv[1]).href) {
  process.stdout.write(JSON.stringify(complaintsAbout(JSON.parse(readFileSync(0)))))
}
