import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { ApiError } from '../../src/api/client'
import { Autosave, type SaveState } from '../../src/captions/autosave'
import { commandOf } from '../../src/captions/editor'

let states: string[]
let sent: [string, string | null][]
let answers: (string | ApiError)[]
let autosave: Autosave

beforeEach(() => {
  vi.useFakeTimers()
  states = []
  sent = []
  answers = []
  const send = async (file: string, etag: string | null) => {
    sent.push([file, etag])
    const answer = answers.shift() ?? `"${sent.length}"`
    if (answer instanceof ApiError) throw answer
    return answer
  }
  autosave = new Autosave(null, send, (state: SaveState) =>
    states.push(state.is === 'unsaved' ? state.reason : state.is),
  )
})
afterEach(() => vi.useRealTimers())

const pass = (ms = 10_000) => vi.advanceTimersByTimeAsync(ms)

test('what is typed is saved once it stands still, each time over the version before', async () => {
  autosave.change('a')
  autosave.change('ab')
  await pass()
  autosave.change('abc')
  expect(autosave.isPending).toBe(true)
  await pass()

  expect(sent).toEqual([
    ['ab', null],
    ['abc', '"1"'],
  ])
  expect(states).toEqual(['saving', 'saving', 'saved', 'saving', 'saved'])
  expect(autosave.isPending).toBe(false)
})

test('what is typed while a save is under way is saved after it', async () => {
  autosave.change('a')
  await vi.advanceTimersByTimeAsync(699)
  vi.advanceTimersByTime(1)
  autosave.change('ab')
  await pass()

  expect(sent).toEqual([
    ['a', null],
    ['ab', '"1"'],
  ])
})

test('a change by somebody else stops saving until one decides', async () => {
  answers = [new ApiError('CHANGED_MEANWHILE', 'Changed.', 412)]
  autosave.change('a')
  await pass()
  autosave.change('ab')
  await pass()
  expect(sent).toEqual([['a', null]])
  expect(states.at(-1)).toBe('conflict')
  expect(autosave.isPending).toBe(true)

  autosave.overwrite('"9"')
  await pass()

  expect(sent.at(-1)).toEqual(['ab', '"9"'])
  expect(states.at(-1)).toBe('saved')
})

test('a site that is away is asked again, a refusal is not', async () => {
  answers = [new ApiError('NO_CONNECTION', 'Away.', 0)]
  autosave.change('a')
  await pass()
  expect(sent.map(([file]) => file)).toEqual(['a', 'a'])

  answers = [new ApiError('CAPTIONS_UNREADABLE', 'Line 3: no.', 400)]
  autosave.change('b')
  await pass(60_000)
  expect(sent.map(([file]) => file)).toEqual(['a', 'a', 'b'])
  expect(states.at(-1)).toBe('Line 3: no.')
})

test('what cannot be saved is not', async () => {
  autosave.change('a')
  autosave.hold('A time is wrong.')
  await pass()

  expect(sent).toEqual([])
  expect(states.at(-1)).toBe('A time is wrong.')
})

test.each([
  [{ ctrlKey: true, key: 'Enter' }, 'add'],
  [{ metaKey: true, key: 'ArrowUp' }, 'above'],
  [{ ctrlKey: true, key: ' ' }, 'play'],
  [{ altKey: true, code: 'Enter' }, 'split'],
  [{ altKey: true, code: 'Comma', key: '≤' }, 'start'],
  [{ key: 'Enter' }, null],
  [{ ctrlKey: true, key: 'z' }, null],
  [{ key: ',', code: 'Comma' }, null],
])('the key %j does %j', (keys, command) => {
  expect(commandOf(keys as KeyboardEvent)).toBe(command)
})
