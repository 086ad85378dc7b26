// The menu of speed, quality and what else is set.
import { AUTO, type Quality } from '../source/qualities'
import { Choices } from './choices'
import { Popup } from './popup'

export const SPEEDS = [0.5, 0.75, 1, 1.25, 1.5, 1.75, 2]

interface SettingsNews {
  onSpeed: (speed: number) => void
  onQuality: (quality: string) => void
}

export class SettingsMenu {
  readonly #popup: Popup
  readonly #speeds: Choices
  readonly #qualities: Choices
  #shown = ''
  #speed = 1

  constructor(root: HTMLElement, news: SettingsNews) {
    const part = (role: string) => root.querySelector(`[data-role="${role}"]`) as HTMLElement
    const group = (role: string) => part(role) as HTMLFieldSetElement
    this.#popup = new Popup(part('menu'), part('settings'))
    this.#speeds = new Choices(group('speeds'), 'speed', (value) => news.onSpeed(Number(value)))
    this.#qualities = new Choices(group('qualities'), 'quality', (value) => news.onQuality(value))
    this.#speeds.offer(
      SPEEDS.map((speed) => ({ value: String(speed), label: `${speed}×` })),
      '1',
    )
  }

  showSpeed(speed: number): void {
    this.#speed = speed
    this.#speeds.check(String(speed))
    this.#write()
  }

  /** Show the choices; one alone is none. */
  offer(qualities: Quality[], chosen: string): void {
    this.#qualities.offer(qualities, chosen)
    this.#qualities.fieldset.hidden = qualities.length === 0
    if (qualities.length === 0) this.showQuality('')
  }

  /** The quality that is seen now, as `720p`; empty when it is the only one. */
  showQuality(label: string): void {
    this.#shown = this.#qualities.fieldset.hidden ? '' : label
    this.#qualities.relabel(
      AUTO,
      this.#qualities.isChosen(AUTO) && this.#shown ? `Auto · ${this.#shown}` : 'Auto',
    )
    this.#write()
  }

  #write(): void {
    const speed = this.#speed === 1 && this.#shown ? '' : `${this.#speed}×`
    const words = [this.#shown, speed].filter(Boolean)
    this.#popup.button.textContent = words.join(' · ')
    this.#popup.button.setAttribute('aria-label', `Settings: ${words.join(', ')}`)
  }
}
