// The page with one of several Uppys: UPPY names the folder that has it.
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const at = (path) => fileURLToPath(new URL(path, import.meta.url))

export default {
  input: at('page.js'),
  platform: 'browser',
  resolve: { modules: [join(process.env.UPPY, 'node_modules')] },
}
