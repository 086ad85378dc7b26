// What is either on or off, as checkboxes of the menu.

export type SwitchName = 'loop' | 'next' | 'mini'

export class Switches {
  constructor(
    private readonly root: HTMLElement,
    onSwitch: (name: SwitchName, isOn: boolean) => void,
  ) {
    for (const name of ['loop', 'next', 'mini'] as const) {
      const input = this.#input(name)
      input?.addEventListener('change', () => onSwitch(name, input.checked))
    }
  }

  show(name: SwitchName, isOn: boolean): void {
    const input = this.#input(name)
    if (input) input.checked = isOn
  }

  /** An embedded player has fewer. */
  #input(name: SwitchName): HTMLInputElement | null {
    return this.root.querySelector(`[data-switch="${name}"]`)
  }
}
