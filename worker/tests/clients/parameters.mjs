// The parameters that the SDK's schemas know of a robot, those that the documentation leaves out among them.
import { pathToFileURL } from 'node:url'

const FOLDER = 'node_modules/transloadit/dist/alphalib/types/robots'

export async function parametersOf({ robot }) {
  const module = await import(pathToFileURL(`${FOLDER}/${robot.slice(1).replace('/', '-')}.js`))
  const isWhole = ([name]) => /^robot.*InstructionsWithHiddenFieldsSchema$/.test(name)
  const [, schema] = Object.entries(module).find(isWhole)
  return Object.keys(schema.shape)
}
