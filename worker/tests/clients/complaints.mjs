// What the schemas of several releases of the `transloadit` SDK have to say against statuses. As a command: a JSON
// list of statuses on stdin, a JSON list of complaints on stdout.
import { readFileSync } from 'node:fs'
import { pathToFileURL } from 'node:url'

// Newest first. Those of 4 are strict about what may be null.
const RELEASES = ['transloadit', 'transloadit-4-12', 'transloadit-4-7', 'transloadit-4-0']
// A code that all of them know, in place of those that are younger than a release.
const OLD_CODE = 'INTERNAL_COMMAND_ERROR'

async function release(name) {
  // Inside the package, which shows only its client.
  const inner = (path) => import(new URL(`node_modules/${name}/dist/alphalib/${path}`, import.meta.url))
  const { assemblyStatusErrCodeSchema, assemblyStatusSchema } = await inner('types/assemblyStatus.js')
  const { zodParseWithContext } = await inner('zodParseWithContext.js')
  const parse = (status) => zodParseWithContext(assemblyStatusSchema, status)
  return { name, parse, codes: assemblyStatusErrCodeSchema.options }
}

const [newest, ...older] = await Promise.all(RELEASES.map(release))

export const errorCodes = newest.codes

export function complaintsAbout(statuses) {
  return statuses.flatMap((status) => {
    const said = [newest, ...older].map(({ name, parse, codes }) => [name, parse(inTheWordsOf(codes, status))])
    const complaint = said.find(([, { success }]) => !success)
    return complaint ? [`${complaint[0]}: ${complaint[1].humanReadable}`] : []
  })
}

function inTheWordsOf(codes, status) {
  const isYounger = errorCodes.includes(status.error) && !codes.includes(status.error)
  return isYounger ? { ...status, error: OLD_CODE } : status
}

if (import.meta.url === pathToFileURL(process.argv[1]).href) {
  process.stdout.write(JSON.stringify(complaintsAbout(JSON.parse(readFileSync(0)))))
}
