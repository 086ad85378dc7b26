// Uppy as the site has it, so that both are tested with the same one.
import { fileURLToPath } from 'node:url'

const at = (path) => fileURLToPath(new URL(path, import.meta.url))

export default {
  input: at('page.js'),
  platform: 'browser',
  resolve: { modules: [at('../../web-application/frontend/node_modules')] },
}
