/**
 * Shares a sum out by weight, to the fen: the parts come to exactly the sum, none is more than a fen away from its due,
 * and of the same lines in another order each gets the same, up to equal ones. What is left over after rounding down goes
 * to the largest remainders, then to the heaviest, then to the first. A part never passes its weight while the sum does
 * not pass all weights together, so no line gets more off than it costs.
 */
export function shareOut(fen: number, weights: readonly number[]): number[] {
  const whole = weights.reduce((sum, weight) => sum + BigInt(weight), 0n)
  if (fen === 0) return weights.map(() => 0)
  if (fen < 0 || whole <= 0n || weights.some((weight) => weight < 0)) {
    throw new RangeError(`${fen} fen cannot be shared out over ${weights.join(', ')}`)
  }
  // A million yuan times a million yuan is more than a number keeps exactly.
  const dues = weights.map((weight, at) => {
    const due = BigInt(fen) * BigInt(weight)
    return { at, weight, part: Number(due / whole), rest: due % whole }
  })
  let left = fen - dues.reduce((sum, { part }) => sum + part, 0)
  const parts = dues.map(({ part }) => part)
  const byRest = dues.toSorted(
    (a, b) => (a.rest === b.rest ? 0 : a.rest < b.rest ? 1 : -1) || b.weight - a.weight || a.at - b.at
  )
  for (const { at } of byRest) {
    if (left === 0) break
    parts[at]!++
    left--
  }
  return parts
}
