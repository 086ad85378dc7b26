// The menu of captions: languages, size and background.
import { type Choice, Choices } from '../menu/choices'
import { Popup } from '../menu/popup'
import { BACKGROUND_WORDS, BACKGROUNDS, type CaptionLooks, SIZE_WORDS, SIZES } from './caption-looks'

const OFF = 'off'

interface CaptionNews {
  /** Null turns them off. */
  onLanguage: (language: string | null) => void
  onLooks: (looks: Partial<CaptionLooks>) => void
}

export class CaptionMenu {
  readonly #popup: Popup
  readonly #languages: Choices
  readonly #sizes: Choices
  readonly #backgrounds: Choices

  constructor(root: HTMLElement, news: CaptionNews) {
    const part = (role: string) => root.querySelector(`[data-role="${role}"]`) as HTMLElement
    const group = (role: string) => part(role) as HTMLFieldSetElement
    this.#popup = new Popup(part('captions-menu'), part('captions'))
    this.#languages = new Choices(group('languages'), 'captions', (value) =>
      news.onLanguage(value === OFF ? null : value),
    )
    this.#sizes = new Choices(group('caption-sizes'), 'caption-size', (value) => {
      const size = SIZES.find((name) => name === value)
      if (size) news.onLooks({ size })
    })
    this.#backgrounds = new Choices(group('caption-backgrounds'), 'caption-background', (value) => {
      const background = BACKGROUNDS.find((name) => name === value)
      if (background) news.onLooks({ background })
    })
  }

  /** Without languages there is neither menu nor button. shown: the language that is read now. */
  offer(languages: readonly Choice[], shown: string | null, { size, background }: CaptionLooks): void {
    const { button } = this.#popup
    button.hidden = languages.length === 0
    if (button.hidden) this.#popup.close()
    button.dataset.on = String(shown !== null)
    const label = languages.find(({ value }) => value === shown)?.label
    button.setAttribute('aria-label', `Captions: ${label ?? 'off'}`)
    this.#languages.offer([{ value: OFF, label: 'Off' }, ...languages], shown ?? OFF)
    this.#sizes.offer(
      SIZES.map((value) => ({ value, label: SIZE_WORDS[value] })),
      size,
    )
    this.#backgrounds.offer(
      BACKGROUNDS.map((value) => ({ value, label: BACKGROUND_WORDS[value] })),
      background,
    )
  }
}
