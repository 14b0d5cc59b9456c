/** What of one landing is still for sale as one spec. */
export interface Part {
  lotId: string
  state: 'planned' | 'landed' | 'closed' | 'lost'
  landsAt: number
  qty: number
  left: number
}

/** What an order, or an offer, has of one landing. */
export interface Taken {
  lotId: string
  qty: number
}

const sumOf = (parts: readonly { left: number }[]) => parts.reduce((sum, { left }) => sum + left, 0)
const byLanding = (a: Part, b: Part) => a.landsAt - b.landsAt || (a.lotId < b.lotId ? -1 : 1)

/** In the order in which it is sold: what came ashore first, and only then what is still to come. */
export const inTurn = (parts: readonly Part[]) => [
  ...parts.filter(({ state }) => state === 'landed').toSorted(byLanding),
  ...parts.filter(({ state }) => state === 'planned').toSorted(byLanding)
]

/**
 * From which landings `qty` come, of a stock that was so many before. What came without a landing goes first: nobody
 * knows how old it is, so it counts as the oldest.
 */
export function taken(parts: readonly Part[], stockBefore: number, qty: number): Taken[] {
  let wanted = Math.max(0, qty - Math.max(0, stockBefore - sumOf(parts)))
  const from: Taken[] = []
  for (const { lotId, left } of inTurn(parts)) {
    const some = Math.min(left, wanted)
    if (some > 0) from.push({ lotId, qty: some })
    wanted -= some
  }
  return from
}

/**
 * Who lowered the stock by hand threw some of it away: what must come off the landings so that they never promise more
 * than the stock. It goes as a sale would go.
 */
export const writtenOff = (parts: readonly Part[], stock: number): Taken[] => {
  const over = sumOf(parts) - stock
  return over > 0 ? taken(parts, sumOf(parts), over) : []
}

/**
 * How many of `qty` that come back can be sold again. Nothing goes back to a landing that is closed or lost, nor beyond
 * what came ashore where that was less than had been sold ahead. `used`: what others have of it.
 */
export function backTo(
  { state, qty, left }: Pick<Part, 'state' | 'qty' | 'left'>,
  used: number,
  back: number
) {
  if (state === 'closed' || state === 'lost') return 0
  return Math.min(back, Math.max(0, qty - left - used))
}

/** How many of the pieces that were sold will not come. */
export const shortOf = ({ state, qty }: Pick<Part, 'state' | 'qty'>, used: number) =>
  state === 'closed' ? 0 : Math.max(0, used - (state === 'lost' ? 0 : qty))

/** What a landing weighs beyond what is sold of it; below 0: more is sold than came ashore. */
export const spareGrams = (grams: number, lines: readonly { qty: number; grams: number }[]) =>
  grams - lines.reduce((sum, line) => sum + line.qty * line.grams, 0)
