import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'

const SITE = join(import.meta.dirname, '../../../cattube')
const SOURCES = join(import.meta.dirname, '../../src')

const filesIn = (folder: string, ending: RegExp) =>
  readdirSync(folder, { recursive: true, encoding: 'utf-8' }).filter((path) => ending.test(path))
const textOf = (folder: string, ending: RegExp) =>
  filesIn(folder, ending)
    .map((path) => readFileSync(join(folder, path), 'utf-8'))
    .join('\n')
const matchesOf = (text: string, pattern: RegExp) => [
  ...new Set([...text.matchAll(pattern)].map((match) => match[1] ?? '')),
]

const css = textOf(SOURCES, /\.css$/).replace(/\/\*[\s\S]*?\*\/|"[^"]*"/g, '')
const pages = textOf(SITE, /\.(html|svg|py)$/)
const scripts = textOf(SOURCES, /\.ts$/)

test('every class of the styles is on a page, in a drawing or set by a script', () => {
  const named = matchesOf(pages, /(?:class="|block page_class %})([^"{]*)/g).join(' ')
  const used = new Set(`${named} ${scripts}`.split(/[\s'",.]+/))
  // Uppy's own; its part of the page is made by Uppy.
  const classes = matchesOf(css, /\.([a-z][\w-]*)/gi).filter((name) => !name.startsWith('uppy-'))

  expect(classes.filter((name) => !used.has(name))).toEqual([])
})

test('the classes of Uppy that uppy.css names are those that Uppy has', () => {
  const uppy = textOf(
    join(import.meta.dirname, '../../node_modules/@uppy'),
    /\/lib\/.*\.js$|\/css\/style\.css$/,
  )
  const names = matchesOf(css, /\.(uppy-[\w-]+)/g)

  expect(names.length).toBeGreaterThan(0)
  expect(names.filter((name) => !uppy.includes(name))).toEqual([])
})

test('every shared value of the styles is used', () => {
  const used = new Set(matchesOf(css, /var\((--[\w-]+)/g))

  expect(matchesOf(css, /(--[\w-]+):/g).filter((name) => !used.has(name))).toEqual([])
})

test('colours have their names in tokens.css; only an avatar mixes its own from its hue', () => {
  const styles = filesIn(SOURCES, /\.css$/).filter((path) => !path.endsWith('tokens.css'))
  const colours = styles.flatMap((path) =>
    matchesOf(
      readFileSync(join(SOURCES, path), 'utf-8'),
      /((?:oklch|rgba?|hsla?)\([^ )][^;]*|#[0-9a-f]{3,8}\b)/gi,
    ),
  )

  expect(colours.filter((colour) => !colour.includes('var(--hue'))).toEqual([])
})

test.each(['icon', 'drawing', 'mark'])('every %s is on a page', (kind) => {
  const used = new Set(matchesOf(pages, new RegExp(`{% ${kind} "([^"]+)"`, 'g')))
  const names = filesIn(SITE, new RegExp(`/${kind}s/[^/]+\\.svg$`)).map((path) =>
    path.replace(/^.*\/|\.svg$/g, ''),
  )

  expect(names.length).toBeGreaterThan(0)
  expect(names.filter((name) => !used.has(name))).toEqual([])
})
