/** What an offer keeps for her until then; as long as an unpaid order is held. */
export const OFFER_MS = 15 * 60_000

/** One open wait of a member for a spec. */
export const openKeyOf = (specId: string, memberId: string) => `${specId}:${memberId}`

/** Who is offered how many of what there is: strictly in line, so the last of them may be offered fewer than she wants. */
export function offersOf<Wait extends { qty: number }>(line: readonly Wait[], stock: number) {
  const offers: { wait: Wait; qty: number }[] = []
  let left = stock
  for (const wait of line) {
    const qty = Math.min(wait.qty, left)
    if (qty <= 0) break
    offers.push({ wait, qty })
    left -= qty
  }
  return offers
}
