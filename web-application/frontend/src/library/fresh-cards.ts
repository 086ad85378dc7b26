// Cards that are drawn anew. The template knows how a card looks; asking it again keeps one truth.

/** Puts the card that the server has now in the place of each, and returns those that it has. */
export async function renewCards(cards: readonly HTMLElement[]): Promise<HTMLElement[]> {
  const response = await fetch(location.href)
  const page = new DOMParser().parseFromString(await response.text(), 'text/html')
  return cards.flatMap((card) => {
    const fresh = page.querySelector<HTMLElement>(`[data-grid] .card[data-video="${card.dataset.video}"]`)
    if (!fresh) return []
    card.replaceWith(document.adoptNode(fresh))
    return [fresh]
  })
}
