import { shareOut } from '../../shared/share-out.ts'
import { offOf, over, type Claim, type Offer } from './coupon.ts'

/** What she wants to pay at once: one order of each shop, its lines with what they cost before any coupon. */
export interface Bill {
  shops: readonly BillShop[]
  /** She has never paid an order, and no other bill uses a coupon for who has not. */
  newBuyer: boolean
}
export interface BillShop {
  shopId: string
  lines: readonly BillLine[]
}
export interface BillLine {
  specId: string
  productId: string
  fen: number
}

/** A coupon in her pocket, and what its pot still holds. */
export interface Held {
  coupon: Offer
  claim: Claim
  /** Undefined: it is paid from no pot. */
  budgetLeftFen: number | undefined
}

export type NotUsable =
  | 'coupon_used'
  | 'coupon_over'
  | 'new_buyers_only'
  | 'coupon_wrong_shop'
  | 'coupon_wrong_goods'
  | 'coupon_below_threshold'
  | 'coupon_nothing_left'
  | 'coupon_budget_gone'
  | 'coupons_clash'

/** Why a coupon does not count, and what is missing to its threshold. */
export interface No {
  reason: NotUsable
  missingFen: number
}
/** The first coupon that cannot be used with the others, and why. */
export type Refused = { held: Held } & No

/** What one coupon takes off the order of one shop, line by line. */
export interface Off {
  held: Held
  offFen: number
  lines: number[]
}

/**
 * The stack rules. For the order of each shop one coupon of that shop, and for the whole bill one of the union, which
 * takes its share of what the shops' coupons left. A threshold asks for what the goods cost before any coupon, so that
 * using one never makes another useless. Answers what each takes off in all, in the order in which they count.
 */
export function weigh(
  held: readonly Held[],
  bill: Bill,
  now: number
): { offs: { held: Held; offFen: number }[]; offFen: number } | Refused {
  const offs: { held: Held; offFen: number }[] = []
  const slots = new Set<string>()
  let offFen = 0
  for (const each of [...held.filter((one) => !ofUnion(one)), ...held.filter(ofUnion)]) {
    const no = whyNot(each, bill, now)
    if (no) return { held: each, ...no }
    if (slots.has(each.coupon.shopId)) return { held: each, reason: 'coupons_clash', missingFen: 0 }
    slots.add(each.coupon.shopId)
    const left = goodsFenFor(each.coupon, bill) - (ofUnion(each) ? offFen : 0)
    const fen = offOf(each.coupon, left)
    if (fen === 0) return { held: each, reason: 'coupon_nothing_left', missingFen: 0 }
    if (tooMuch(each, fen)) return { held: each, reason: 'coupon_budget_gone', missingFen: 0 }
    offs.push({ held: each, offFen: fen })
    offFen += fen
  }
  return { offs, offFen }
}

/** The same shared out over shops and lines to the fen, by what of each line is left to pay. */
export function take(
  held: readonly Held[],
  bill: Bill,
  now: number
): { shops: Off[][]; offFen: number } | Refused {
  const weighed = weigh(held, bill, now)
  if ('reason' in weighed) return weighed
  const shops: Off[][] = bill.shops.map(() => [])
  const left = bill.shops.map(({ lines }) => lines.map(({ fen }) => fen))
  for (const { held: each, offFen } of weighed.offs) {
    const weights = bill.shops.flatMap((shop, s) =>
      shop.lines.map((line, l) => (covers(each.coupon, shop, line) ? left[s]![l]! : 0))
    )
    const parts = shareOut(offFen, weights)
    for (const [s, { lines }] of bill.shops.entries()) {
      const mine = parts.splice(0, lines.length)
      if (sum(mine) === 0) continue
      shops[s]!.push({ held: each, offFen: sum(mine), lines: mine })
      for (const [l, fen] of mine.entries()) left[s]![l]! -= fen
    }
  }
  return { shops, offFen: weighed.offFen }
}

/** Why a coupon does not count for this bill, whatever else is used with it. */
export function whyNot({ coupon, claim, ...held }: Held, bill: Bill, now: number): No | undefined {
  const no = (reason: NotUsable, missingFen = 0): No => ({ reason, missingFen })
  if (claim.orderId) return no('coupon_used')
  if (over(coupon, now)) return no('coupon_over')
  if (coupon.newBuyer && !bill.newBuyer) return no('new_buyers_only')
  if (coupon.scope !== 'union' && !bill.shops.some(({ shopId }) => shopId === coupon.shopId))
    return no('coupon_wrong_shop')
  if (!bill.shops.some((shop) => shop.lines.some((line) => covers(coupon, shop, line))))
    return no('coupon_wrong_goods')
  const goodsFen = goodsFenFor(coupon, bill)
  if (goodsFen < coupon.thresholdFen) return no('coupon_below_threshold', coupon.thresholdFen - goodsFen)
  if (offOf(coupon, goodsFen) === 0) return no('coupon_nothing_left')
  // What the union's coupon takes off depends on the others; what a shop's own does is certain already.
  if (coupon.scope !== 'union' && tooMuch({ coupon, claim, ...held }, offOf(coupon, goodsFen)))
    return no('coupon_budget_gone')
  return undefined
}

/**
 * The coupons that save most together. Exact, in one pass over a pocket: what a shop's coupon takes off does not depend
 * on any other, and what is paid after the union's coupon (x less its share of x) never falls when x, what the shops'
 * coupons left, rises; nor does its share, so a pot that cannot bear the least x bears no other. So the best of each
 * shop and then the best of the union's is the best of all legal combinations. Of equals the one that ends first, then
 * by id, so that every server chooses the same; and none is spent that saves nothing.
 */
export function best(pocket: readonly Held[], bill: Bill, now: number): Held[] {
  const can = pocket.filter((each) => !whyNot(each, bill, now))
  const saved = (held: readonly Held[]) => {
    const weighed = weigh(held, bill, now)
    return 'reason' in weighed ? -1 : weighed.offFen
  }
  const chosen: Held[] = []
  for (const slot of new Set(
    can.map(({ coupon }) => coupon.shopId).toSorted((a, b) => Number(!a) - Number(!b))
  )) {
    const most = can
      .filter(({ coupon }) => coupon.shopId === slot)
      .map((each) => ({ each, fen: saved([...chosen, each]) }))
      .toSorted((a, b) => b.fen - a.fen || earlier(a.each, b.each))[0]!
    if (most.fen > saved(chosen)) chosen.push(most.each)
  }
  // The last to end is kept for another day if the others save as much without it.
  for (const each of chosen.toSorted((a, b) => earlier(b, a))) {
    const others = chosen.filter((other) => other !== each)
    if (saved(others) === saved(chosen)) chosen.splice(chosen.indexOf(each), 1)
  }
  return chosen
}

export const ofUnion = ({ coupon }: Pick<Held, 'coupon'>) => coupon.scope === 'union'

function covers({ scope, shopId, productIds }: Offer, shop: BillShop, { productId }: BillLine) {
  if (scope === 'union') return true
  return shop.shopId === shopId && (scope === 'shop' || productIds.includes(productId))
}

const goodsFenFor = (coupon: Offer, { shops }: Bill) =>
  sum(shops.flatMap((shop) => shop.lines.map((line) => (covers(coupon, shop, line) ? line.fen : 0))))

const tooMuch = ({ budgetLeftFen }: Held, offFen: number) =>
  budgetLeftFen !== undefined && offFen > budgetLeftFen

const earlier = (a: Held, b: Held) =>
  a.coupon.endsAt - b.coupon.endsAt ||
  (a.coupon.id < b.coupon.id ? -1 : a.coupon.id > b.coupon.id ? 1 : a.claim.nth - b.claim.nth)

const sum = (all: readonly number[]) => all.reduce((total, each) => total + each, 0)
