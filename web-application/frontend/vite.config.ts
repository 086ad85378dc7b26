// Builds what the pages load: hashed files, their compressed twins, and a manifest that Django reads.
import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { brotliCompressSync, gzipSync } from 'node:zlib'
import type { Plugin } from 'vite'
import { defineConfig } from 'vitest/config'

const ASSETS = 'dist/assets'

// Beside each file, where whitenoise looks for them: text arrives small even before `collectstatic` has run.
const compressed: Plugin = {
  name: 'compressed-twins',
  closeBundle() {
    for (const name of readdirSync(ASSETS).filter((file) => /\.(js|css)$/.test(file))) {
      const path = join(ASSETS, name)
      const content = readFileSync(path)
      writeFileSync(`${path}.gz`, gzipSync(content, { level: 9 }))
      writeFileSync(`${path}.br`, brotliCompressSync(content))
    }
  },
}

export default defineConfig({
  // Files find each other by where they lie, which may be a bucket.
  base: './',
  plugins: [compressed],
  build: {
    outDir: 'dist',
    manifest: 'manifest.json',
    // The first browsers with light-dark() and nesting: lowering either would only bloat the tokens.
    target: ['chrome123', 'edge123', 'firefox121', 'safari17.5'],
    // A drawing inlined as data: would need a wider img-src.
    assetsInlineLimit: 0,
    // hls.js is 580 kB; only a page with a stream loads it.
    chunkSizeWarningLimit: 600,
    rolldownOptions: {
      input: {
        site: 'src/pages/site.ts',
        library: 'src/pages/library.ts',
        upload: 'src/pages/upload.ts',
        watch: 'src/pages/watch.ts',
        captions: 'src/pages/captions.ts',
        'caption-list': 'src/pages/caption-list.ts',
      },
    },
  },
  // Not in processes: tus-js-client keeps one from ending when it is told to.
  test: { include: ['tests/**/*.test.ts'], pool: 'threads' },
})
