import { expect, test } from 'vitest'
import { latest } from '../../src/search/latest'

function typing() {
  const shown: string[] = []
  const asked: string[] = []
  const answers = new Map<string, (answer: string) => void>()
  const type = latest<string>({
    ask: (text) => {
      asked.push(text)
      return new Promise((resolve) => answers.set(text, resolve))
    },
    show: (answer) => shown.push(answer),
    sleep: () => Promise.resolve(),
  })
  return { shown, asked, answers, type }
}

test('nothing is asked of a text that was typed on', async () => {
  const { asked, answers, shown, type } = typing()

  const [first, second] = [type('c'), type('ca')]
  await first
  await Promise.resolve()
  answers.get('ca')?.('cats')
  await second

  expect(asked).toEqual(['ca'])
  expect(shown).toEqual(['cats'])
})

test('an answer that was overtaken is not shown', async () => {
  const { answers, shown, type } = typing()

  const first = type('ca')
  await Promise.resolve()
  await Promise.resolve()
  const second = type('cat')
  answers.get('ca')?.('old')
  await first
  await Promise.resolve()
  answers.get('cat')?.('new')
  await second

  expect(shown).toEqual(['new'])
})

test('a question that fails shows nothing', async () => {
  const shown: string[] = []
  const type = latest<string>({
    ask: () => Promise.reject(new Error('away')),
    show: (answer) => shown.push(answer),
    sleep: () => Promise.resolve(),
  })

  await type('cat')

  expect(shown).toEqual([])
})
