import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { shareOut } from '../../shared/share-out.ts'
import {
  accounts,
  feeFenOf,
  NOTHING_BACK,
  refundEntries,
  saleEntries,
  shareOf,
  standing,
  sumOf,
  together,
  type Back,
  type Sold
} from './posting.ts'

const sold = (more: Partial<Sold> = {}): Sold => ({
  shopId: 's',
  gateway: 'stripe',
  freightFen: 1000,
  lines: [{ specId: 'clam', qty: 2, priceFen: 5000, offFen: 0 }],
  coupons: [],
  ...more
})
const asRow = (entries: { account: string; fen: number }[]) =>
  Object.fromEntries(entries.map(({ account, fen }) => [account, fen]))

describe('a sale', () => {
  it('brings its host what the buyer paid, and her freight beside it', () => {
    expect(asRow(saleEntries(sold(), { permyriad: 0 }))).toEqual({
      'cash:stripe': 11_000,
      'freight:s': -1000,
      'host:s': -10_000
    })
  })

  it('with a coupon of the host’s own brings her less; with one of the union’s the union pays it to her', () => {
    const lines = [{ specId: 'clam', qty: 2, priceFen: 5000, offFen: 3000 }]
    const hers = sold({ lines, coupons: [{ offFen: 3000, payer: 'host' }] })
    expect(asRow(saleEntries(hers, { permyriad: 0 }))).toEqual({
      'cash:stripe': 8000,
      'freight:s': -1000,
      'host:s': -7000
    })
    const unions = sold({ lines, coupons: [{ offFen: 3000, payer: 'union' }] })
    expect(asRow(saleEntries(unions, { permyriad: 0 }))).toEqual({
      'cash:stripe': 8000,
      'union:coupons': 3000,
      'freight:s': -1000,
      'host:s': -10_000
    })
  })

  it('leaves the union its fee of what the host earned, rounded down, and nothing of her freight', () => {
    const odd = sold({ lines: [{ specId: 'clam', qty: 1, priceFen: 3999, offFen: 0 }] })
    expect(asRow(saleEntries(odd, { permyriad: 250 }))).toEqual({
      'cash:stripe': 4999,
      'freight:s': -1000,
      'host:s': -(3999 - 99),
      'union:fee': -99
    })
  })

  it('of nothing to pay is paid by the union’s coupon alone', () => {
    const free = sold({
      freightFen: 0,
      gateway: '',
      lines: [{ specId: 'clam', qty: 2, priceFen: 500, offFen: 1000 }],
      coupons: [{ offFen: 1000, payer: 'union' }]
    })
    expect(asRow(saleEntries(free, { permyriad: 0 }))).toEqual({ 'union:coupons': 1000, 'host:s': -1000 })
    const one = { lines: [{ specId: 'clam', qty: 1, fen: 0 }], freightFen: 0 }
    expect(asRow(refundEntries(free, 0, NOTHING_BACK, one))).toEqual({ 'union:coupons': -500, 'host:s': 500 })
  })
})

describe('a refund', () => {
  it('of one line takes back that line’s part of the union’s coupon, and no other line’s', () => {
    const two = sold({
      freightFen: 0,
      lines: [
        { specId: 'clam', qty: 1, priceFen: 10_000, offFen: 5000 },
        { specId: 'kelp', qty: 1, priceFen: 10_000, offFen: 0 }
      ],
      coupons: [{ offFen: 5000, payer: 'union' }]
    })
    const back = (specId: string, fen: number) => ({ lines: [{ specId, qty: 1, fen }], freightFen: 0 })
    expect(asRow(refundEntries(two, 0, NOTHING_BACK, back('kelp', 10_000)))).toEqual({
      'cash:stripe': -10_000,
      'host:s': 10_000
    })
    expect(asRow(refundEntries(two, 0, NOTHING_BACK, back('clam', 5000)))).toEqual({
      'cash:stripe': -5000,
      'union:coupons': -5000,
      'host:s': 10_000
    })
  })

  it('of the freight is the host’s freight, and costs the union nothing', () => {
    expect(asRow(refundEntries(sold(), 0, NOTHING_BACK, { lines: [], freightFen: 400 }))).toEqual({
      'cash:stripe': -400,
      'freight:s': 400
    })
  })
})

const line = fc.record({
  qty: fc.integer({ min: 1, max: 99 }),
  priceFen: fc.integer({ min: 1, max: 500_000 }),
  share: fc.double({ min: 0, max: 1, noNaN: true })
})
const life = fc.record({
  lines: fc.array(line, { minLength: 1, maxLength: 6 }),
  hostPart: fc.double({ min: 0, max: 1, noNaN: true }),
  freightFen: fc.integer({ min: 0, max: 5000 }),
  permyriad: fc.integer({ min: 0, max: 9999 }),
  cuts: fc.array(
    fc.record({ line: fc.nat(5), part: fc.double({ min: 0, max: 1, noNaN: true }), freight: fc.boolean() }),
    { maxLength: 12 }
  )
})

function madeOf({
  lines,
  hostPart,
  freightFen
}: {
  lines: { qty: number; priceFen: number; share: number }[]
  hostPart: number
  freightFen: number
}): Sold {
  const weights = lines.map(({ qty, priceFen }) => qty * priceFen)
  const goodsFen = weights.reduce((sum, each) => sum + each, 0)
  const offFen = Math.floor(goodsFen * lines[0]!.share)
  const offs = shareOut(offFen, weights)
  const hostFen = Math.floor(offFen * hostPart)
  return {
    shopId: 's',
    gateway: 'g',
    freightFen,
    lines: lines.map(({ qty, priceFen }, i) => ({ specId: `spec-${i}`, qty, priceFen, offFen: offs[i]! })),
    coupons: [
      { offFen: hostFen, payer: 'host' },
      { offFen: offFen - hostFen, payer: 'union' }
    ]
  }
}

describe('whatever is sold and given back', () => {
  it('sums to 0 at every step, never takes from a host more than she had, and leaves nothing at the end', () => {
    fc.assert(
      fc.property(life, ({ cuts, permyriad, ...rest }) => {
        const order = madeOf(rest)
        const feeFen = feeFenOf(order, { permyriad })
        const book = saleEntries(order, { permyriad })
        let back: Back = NOTHING_BACK
        const left = order.lines.map((each) => ({
          specId: each.specId,
          qty: each.qty,
          fen: each.qty * each.priceFen - each.offFen
        }))
        let freightLeft = order.freightFen
        const step = (next: Back) => {
          const after = together(back, next)
          const entries = refundEntries(order, feeFen, back, after)
          expect(sumOf(entries)).toBe(0)
          expect(entries.every(({ fen }) => Number.isSafeInteger(fen) && fen !== 0)).toBe(true)
          expect(sumOf(entries.filter(({ account }) => account === accounts.cash('g')))).toBe(
            -(next.freightFen + next.lines.reduce((sum, { fen }) => sum + fen, 0)) || 0
          )
          book.push(...entries)
          back = after
          const { fen, ...shown } = shareOf(book, 's')
          expect(fen).toBeGreaterThanOrEqual(0)
          expect(Object.values(shown).reduce((sum, each) => sum + each, 0)).toBe(fen)
        }
        expect(sumOf(book)).toBe(0)
        for (const cut of cuts) {
          const from = left[cut.line % left.length]!
          const qty = Math.floor(from.qty * cut.part)
          const fen = Math.floor(from.fen * cut.part)
          const freightFen = cut.freight ? Math.floor(freightLeft * cut.part) : 0
          step({ lines: [{ specId: from.specId, qty, fen }], freightFen })
          from.qty -= qty
          from.fen -= fen
          freightLeft -= freightFen
        }
        step({ lines: left, freightFen: freightLeft })
        expect(standing(order, feeFen, back)).toEqual([])
        expect(shareOf(book, 's').fen).toBe(0)
      }),
      { numRuns: 1000 }
    )
  })
})
