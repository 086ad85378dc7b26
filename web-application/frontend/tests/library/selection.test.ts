import { describe, expect, test } from 'vitest'
import { Selection } from '../../src/library/selection'

const ORDER = ['a', 'b', 'c', 'd', 'e']

function selected(...ids: string[]): Selection {
  const selection = new Selection()
  for (const id of ids) selection.toggle(id)
  return selection
}

describe('Selection', () => {
  test('has what was toggled an odd number of times', () => {
    expect(selected('a', 'b', 'a').ids).toEqual(['b'])
  })

  test.each([
    ['forwards', ['b'], 'd', ['b', 'c', 'd']],
    ['backwards', ['d'], 'b', ['b', 'c', 'd']],
    ['from the last that was toggled', ['a', 'd'], 'e', ['a', 'd', 'e']],
    ['from one that was taken out', ['c', 'c'], 'd', ['c', 'd']],
    ['to itself', ['c'], 'c', ['c']],
    ['without a beginning', [], 'c', ['c']],
    ['from one that is gone', ['x'], 'c', ['c', 'x']],
  ])('is extended %s', (_, toggled, to, expected) => {
    const selection = selected(...toggled)

    selection.extendTo(to, ORDER)

    expect(selection.ids.sort()).toEqual(expected)
  })

  test('ranges begin at the same video until another is toggled', () => {
    const selection = selected('c')

    selection.extendTo('d', ORDER)
    selection.extendTo('b', ORDER)

    expect(selection.ids.sort()).toEqual(['b', 'c', 'd'])
  })

  test('has all, or nothing', () => {
    const selection = selected('b')
    selection.selectAll(ORDER)
    expect(selection.ids.sort()).toEqual(ORDER)

    selection.clear()

    expect(selection.ids).toEqual([])
    selection.extendTo('d', ORDER)
    expect(selection.ids).toEqual(['d'])
  })

  test('loses what is removed, and its anchor with it', () => {
    const selection = selected('b', 'c')

    selection.remove('c')
    selection.extendTo('e', ORDER)

    expect(selection.ids).toEqual(['b', 'e'])
  })
})
