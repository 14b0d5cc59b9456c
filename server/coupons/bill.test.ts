import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { best, take, whyNot, type Bill, type Held, type Off } from './bill.ts'
import type { Offer } from './coupon.ts'

const NOON = 1_000_000
const offer: Offer = {
  id: 'a',
  shopId: 'clams',
  scope: 'shop',
  productIds: [],
  offFen: 500,
  offPermyriad: 0,
  thresholdFen: 3000,
  newBuyer: false,
  endsAt: NOON + 1,
  stoppedAt: 0
}
const held = (changes: Partial<Offer> = {}, more: Partial<Omit<Held, 'coupon'>> = {}): Held => ({
  coupon: { ...offer, ...changes },
  claim: { nth: 1, orderId: '' },
  budgetLeftFen: undefined,
  ...more
})
const union = (changes: Partial<Offer> = {}, more: Partial<Omit<Held, 'coupon'>> = {}) =>
  held({ id: 'u', scope: 'union', shopId: '', thresholdFen: 0, ...changes }, more)
const line = (productId: string, fen: number) => ({ specId: `${productId}-spec`, productId, fen })
const bill = (...shops: Bill['shops']): Bill => ({ shops, newBuyer: false })
const clams = (...fen: number[]) => ({
  shopId: 'clams',
  lines: fen.map((each, i) => line(`clam-${i}`, each))
})
const oysters = (...fen: number[]) => ({
  shopId: 'oysters',
  lines: fen.map((each, i) => line(`oyster-${i}`, each))
})
/** What is taken off, shop by shop and line by line; or why nothing is. */
const taken = (coupons: Held[], what: Bill, now = NOON) => {
  const answer = take(coupons, what, now)
  if ('reason' in answer) return `${answer.held.coupon.id} ${answer.reason} ${answer.missingFen}`
  return answer.shops.map((offs) => offs.map(({ held, lines }) => [held.coupon.id, ...lines]))
}
const reason = (coupon: Held, what: Bill, now = NOON) => whyNot(coupon, what, now)?.reason ?? ''

describe('a claimed coupon', () => {
  it('counts from exactly its threshold on', () => {
    expect(taken([held()], bill(clams(3000)))).toEqual([[['a', 500]]])
    expect(taken([held()], bill(clams(2999)))).toBe('a coupon_below_threshold 1')
  })

  it('counts until the moment it ends, and not at it', () => {
    expect(reason(held(), bill(clams(3000)), offer.endsAt - 1)).toBe('')
    expect(reason(held(), bill(clams(3000)), offer.endsAt)).toBe('coupon_over')
  })

  it('does not end while the clock of its show stands still', () => {
    expect(reason(held({ stoppedAt: NOON }), bill(clams(3000)), NOON + 999)).toBe('')
  })

  it('counts in its own shop only, and once', () => {
    expect(reason(held(), bill(oysters(3000)))).toBe('coupon_wrong_shop')
    expect(reason(held({}, { claim: { nth: 1, orderId: 'o' } }), bill(clams(3000)))).toBe('coupon_used')
  })

  it('for some products counts for these alone, threshold and all', () => {
    const some = held({ scope: 'products', productIds: ['clam-1', 'clam-2'] })
    expect(taken([some], bill(clams(9000, 1000, 2000)))).toEqual([[['a', 0, 167, 333]]])
    expect(taken([some], bill(clams(9000, 1000)))).toBe('a coupon_below_threshold 2000')
    expect(taken([some], bill(clams(9000)))).toBe('a coupon_wrong_goods 0')
  })

  it('of a percentage is rounded down to the fen and ends at its cap', () => {
    const percent = held({ offPermyriad: 1500, offFen: 1000, thresholdFen: 0 })
    expect(taken([percent], bill(clams(3999)))).toEqual([[['a', 599]]])
    expect(taken([percent], bill(clams(9999)))).toEqual([[['a', 1000]]])
    expect(taken([percent], bill(clams(6)))).toBe('a coupon_nothing_left 0')
  })

  it('never takes off more than the goods cost', () => {
    const big = held({ offFen: 5000, thresholdFen: 0 })
    expect(taken([big], bill(clams(3200)))).toEqual([[['a', 3200]]])
    expect(taken([big], bill(clams(0)))).toBe('a coupon_nothing_left 0')
  })

  it('for new buyers counts for who has never paid', () => {
    const first = held({ newBuyer: true })
    expect(reason(first, bill(clams(3000)))).toBe('new_buyers_only')
    expect(reason(first, { ...bill(clams(3000)), newBuyer: true })).toBe('')
  })

  it('counts while its pot can bear it whole', () => {
    expect(reason(held({}, { budgetLeftFen: 500 }), bill(clams(3000)))).toBe('')
    expect(reason(held({}, { budgetLeftFen: 499 }), bill(clams(3000)))).toBe('coupon_budget_gone')
  })
})

describe('coupons together', () => {
  it('are one of each shop and one of the union, whose share is of what the shops’ left', () => {
    const tenth = union({ offPermyriad: 1000, offFen: 9999 })
    const other = held({ id: 'b', shopId: 'oysters' })
    expect(taken([tenth, held(), other], bill(clams(3000), oysters(3500)))).toEqual([
      [
        ['a', 500],
        ['u', 250]
      ],
      [
        ['b', 500],
        ['u', 300]
      ]
    ])
  })

  it('are not two of one shop, nor two of the union', () => {
    const two = held({ id: 'b' })
    expect(taken([held(), two], bill(clams(9000)))).toBe('b coupons_clash 0')
    expect(taken([union(), union({ id: 'v' })], bill(clams(9000)))).toBe('v coupons_clash 0')
  })

  it('do not make each other useless: a threshold asks for the goods before any coupon', () => {
    const from = union({ thresholdFen: 3000 })
    expect(taken([held(), from], bill(clams(3000)))).toEqual([
      [
        ['a', 500],
        ['u', 500]
      ]
    ])
  })

  it('are not spent when others have taken everything off', () => {
    const all = held({ offFen: 3000, thresholdFen: 0 })
    expect(taken([all, union()], bill(clams(3000)))).toBe('u coupon_nothing_left 0')
    const chosen = best([all, union({ offFen: 3000 })], bill(clams(3000)), NOON)
    expect(chosen.map(({ coupon }) => coupon.id)).toEqual(['a'])
  })

  it('keep the one that ends last for another day when it saves nothing more', () => {
    const soon = union({ offFen: 3000, endsAt: NOON + 5 })
    const late = held({ offFen: 300, thresholdFen: 0, endsAt: NOON + 9 })
    expect(best([late, soon], bill(clams(3000)), NOON).map(({ coupon }) => coupon.id)).toEqual(['u'])
  })
})

// Small numbers, so that coupons meet: equal sums, pots that are just too small, goods that are gone.
const offers = fc.record({
  id: fc.constantFrom('a', 'b', 'c', 'd'),
  place: fc.constantFrom('clams', 'clams', 'oysters', 'mussels', ''),
  productIds: fc.constantFrom([], [], ['p1'], ['p1', 'p2']),
  offFen: fc.integer({ min: 1, max: 60 }),
  offPermyriad: fc.constantFrom(0, 0, 1, 1500, 5000, 9999),
  thresholdFen: fc.integer({ min: 0, max: 80 }),
  newBuyer: fc.boolean(),
  endsAt: fc.integer({ min: NOON, max: NOON + 3 }),
  stoppedAt: fc.constantFrom(0, 0, NOON - 1)
})
const pockets = fc.array(
  fc
    .record({
      offer: offers,
      nth: fc.integer({ min: 1, max: 3 }),
      orderId: fc.constantFrom('', '', '', 'o'),
      budgetLeftFen: fc.option(fc.integer({ min: 0, max: 60 }), { nil: undefined })
    })
    .map(({ offer: { place, productIds, ...rest }, nth, orderId, budgetLeftFen }): Held => {
      const scope = place === '' ? 'union' : productIds.length ? 'products' : 'shop'
      const coupon: Offer = {
        ...rest,
        productIds: scope === 'products' ? productIds : [],
        shopId: place,
        scope
      }
      return { coupon, claim: { nth, orderId }, budgetLeftFen }
    }),
  { maxLength: 9 }
)
const shops = (['clams', 'oysters', 'mussels'] as const).map((shopId) =>
  fc
    .array(
      fc.record({
        specId: fc.string({ maxLength: 3 }),
        productId: fc.constantFrom('p1', 'p2', 'p3'),
        fen: fc.integer({ min: 0, max: 60 })
      }),
      { minLength: 1, maxLength: 3 }
    )
    .map((lines) => ({ shopId, lines }))
)
const bills = fc.record({
  shops: fc.tuple(...shops).chain((all) => fc.subarray(all, { minLength: 1 })),
  newBuyer: fc.boolean()
})
const sum = (all: readonly number[]) => all.reduce((total, each) => total + each, 0)
const saved = (coupons: readonly Held[], what: Bill) => {
  const answer = take(coupons, what, NOON)
  return 'reason' in answer ? undefined : answer.offFen
}
/** Every subset of a pocket. */
const subsets = (pocket: readonly Held[]): Held[][] =>
  pocket.reduce<Held[][]>((all, each) => [...all, ...all.map((some) => [...some, each])], [[]])

const RUNS = { numRuns: 300 }

describe('any pocket against any bill', () => {
  it('has a best that no other legal combination beats, found without trying them', () => {
    fc.assert(
      fc.property(pockets, bills, (pocket, what) => {
        const most = Math.max(...subsets(pocket).map((some) => saved(some, what) ?? 0))
        expect(saved(best(pocket, what, NOON), what)).toBe(most)
      }),
      RUNS
    )
  })

  it('has a best of which none could stay in the pocket', () => {
    fc.assert(
      fc.property(pockets, bills, (pocket, what) => {
        const chosen = best(pocket, what, NOON)
        for (const each of chosen) {
          const others = chosen.filter((other) => other !== each)
          expect(saved(others, what) ?? -1).toBeLessThan(saved(chosen, what)!)
        }
      }),
      RUNS
    )
  })

  it('has the same best in whatever order the pocket comes', () => {
    const shuffled = pockets.chain((pocket) =>
      fc.tuple(fc.constant(pocket), fc.shuffledSubarray(pocket, { minLength: pocket.length }))
    )
    const face = (all: Held[]) =>
      all
        .map(({ coupon: { id, endsAt, shopId }, claim }) => `${shopId} ${id} ${claim.nth} ${endsAt}`)
        .toSorted()
    fc.assert(
      fc.property(shuffled, bills, ([pocket, other], what) => {
        expect(face(best(other, what, NOON))).toEqual(face(best(pocket, what, NOON)))
      }),
      RUNS
    )
  })

  it('takes off exactly what it says, no line below nothing, no pot below nothing', () => {
    fc.assert(
      fc.property(pockets, bills, (pocket, what) => {
        for (const some of subsets(pocket)) {
          const answer = take(some, what, NOON)
          if ('reason' in answer) continue
          expect(answer.offFen).toBe(sum(answer.shops.flat().flatMap((each) => each.lines)))
          for (const [s, { lines, shopId }] of what.shops.entries()) {
            const offs = answer.shops[s]!
            expect(offs.filter(({ held: { coupon } }) => coupon.scope !== 'union').length).toBeLessThan(2)
            for (const [l, { fen }] of lines.entries()) {
              const off = offs.map((each) => each.lines[l]!)
              expect(Math.min(0, ...off)).toBe(0)
              expect(sum(off)).toBeLessThanOrEqual(fen)
            }
            for (const {
              held: { coupon }
            } of offs)
              expect([shopId, '']).toContain(coupon.shopId)
          }
          for (const each of some) {
            const all = answer.shops.flat().filter(({ held }) => held === each)
            expect(sum(all.map(({ offFen }: Off) => offFen))).toBeLessThanOrEqual(
              Math.min(each.coupon.offFen, each.budgetLeftFen ?? Infinity)
            )
          }
        }
      }),
      RUNS
    )
  })

  it('is refused a coupon for a reason of its own that no company changes', () => {
    fc.assert(
      fc.property(pockets, bills, (pocket, what) => {
        for (const each of pocket) {
          const no = whyNot(each, what, NOON)
          const alone = take([each], what, NOON)
          // Alone, only the pot of the union can still say no: what its coupon takes off is certain only then.
          const pot = { held: each, reason: 'coupon_budget_gone', missingFen: 0 }
          const said = no
            ? { held: each, ...no }
            : 'reason' in alone && each.coupon.scope === 'union'
              ? pot
              : alone
          expect(alone).toEqual(said)
          expect((no?.missingFen ?? 0) > 0).toBe(no?.reason === 'coupon_below_threshold')
        }
      }),
      RUNS
    )
  })
})
