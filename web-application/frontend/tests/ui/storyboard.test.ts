import { expect, test } from 'vitest'
import { drawTile } from '../../src/ui/storyboard'

const BOARD = {
  url: '/board.jpg',
  columns: 5,
  rows: 3,
  tile_width: 160,
  tile_height: 90,
  seconds_per_tile: 2,
  cues: '',
}

test.each([
  [0, 5, 3, '0% 0%'],
  [4, 5, 3, '100% 0%'],
  [5, 5, 3, '0% 50%'],
  [14, 5, 3, '100% 100%'],
  [0, 1, 1, '0% 0%'],
])('tile %i of %i columns and %i rows is drawn at %s', (place, columns, rows, position) => {
  const element = { style: {} as CSSStyleDeclaration }

  drawTile(element as HTMLElement, { ...BOARD, columns, rows }, place)

  expect(element.style).toEqual({
    backgroundImage: 'url("/board.jpg")',
    backgroundSize: `${100 * columns}% ${100 * rows}%`,
    backgroundPosition: position,
  })
})
