import type { ProblemCode } from '../../shared/problems.ts'

/** What of a flash sale decides whether it counts. */
export interface Sale {
  total: number
  left: number
  perMember: number
  startsAt: number
  endsAt: number
  /** Since when its clock stands still; 0: it runs. */
  stoppedAt: number
}

/** What time it is for this sale: the picture’s, which stands still while it is away. */
export const timeOf = ({ stoppedAt }: Pick<Sale, 'stoppedAt'>, now: number) =>
  stoppedAt > 0 ? stoppedAt : now

export function running(sale: Pick<Sale, 'startsAt' | 'endsAt' | 'stoppedAt'>, now: number): boolean {
  const time = timeOf(sale, now)
  return sale.startsAt <= time && time < sale.endsAt
}

export const isOver = (sale: Pick<Sale, 'endsAt' | 'stoppedAt'>, now: number) =>
  sale.endsAt <= timeOf(sale, now)

/** Why so many can’t be had at this price by who has `taken` some; undefined: they can. */
export function whyNot(sale: Sale, taken: number, qty: number, now: number): ProblemCode | undefined {
  if (!running(sale, now)) return 'flash_over'
  if (taken + qty > sale.perMember) return 'flash_share'
  if (qty > sale.left) return 'flash_gone'
  return undefined
}

/** What a draft asks that cannot be. */
export function faultOf(
  draft: { priceFen: number; total: number; perMember: number },
  spec: { priceFen: number; stock: number }
): ProblemCode | undefined {
  if (draft.priceFen >= spec.priceFen) return 'flash_no_cheaper'
  if (draft.total > spec.stock) return 'flash_too_many'
  if (draft.perMember > draft.total) return 'flash_too_many'
  return undefined
}
