// The videos that are selected. Pure: the page shows them.
export class Selection {
  readonly #ids = new Set<string>()
  /** Where a range begins: the last video that was selected or taken out alone. */
  #anchor: string | null = null

  get ids(): string[] {
    return [...this.#ids]
  }

  has(id: string): boolean {
    return this.#ids.has(id)
  }

  toggle(id: string): void {
    if (!this.#ids.delete(id)) this.#ids.add(id)
    this.#anchor = id
  }

  /** Select all from the anchor to `id`, both included, as `order` has them; alone without an anchor. */
  extendTo(id: string, order: readonly string[]): void {
    const [from, to] = [order.indexOf(this.#anchor ?? id), order.indexOf(id)].sort((a, b) => a - b)
    const range = from === undefined || from < 0 ? [id] : order.slice(from, (to ?? from) + 1)
    for (const one of range) this.#ids.add(one)
  }

  selectAll(order: readonly string[]): void {
    for (const id of order) this.#ids.add(id)
  }

  remove(id: string): void {
    this.#ids.delete(id)
    if (this.#anchor === id) this.#anchor = null
  }

  clear(): void {
    this.#ids.clear()
    this.#anchor = null
  }
}
