import path from 'node:path'
import { ne } from 'drizzle-orm'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { openEngine } from '../store/open.ts'
import { engines, type Engine } from '../testing/engines.ts'
import { together, type Together } from '../testing/together.ts'
import type { Errand } from './spender.ts'

const DAY = 86_400_000
const MINUTE = 60_000
const OFF = 600

let processes: Together<Errand, string[]>
beforeAll(() => void (processes = together(path.join(import.meta.dirname, 'spender.ts'), 2)))
afterAll(() => processes.leave())

describe.each(engines)('bills of two processes on one $name', (engine) => {
  let place: Awaited<ReturnType<Engine['make']>>
  beforeEach(async () => {
    place = await engine.make()
  })
  afterEach(() => place.drop())

  /** Every member holds two coupons: one of the union, from one pot, and one of the shop for new buyers. */
  async function spent(totalFen: number, members: string[], ...groups: Errand['bills'][]) {
    const store = await openEngine(place)
    const { coupons, claims, budgets } = store.schema
    const now = Date.now()
    await store.tx(async (tx) => {
      const pot = {
        id: 'pot',
        payer: 'union' as const,
        shopId: '',
        name: '渔家节',
        totalFen,
        leftFen: totalFen
      }
      await tx.insert(budgets).values({ ...pot, createdBy: 'officer', createdAt: now })
      const coupon = {
        hostId: '',
        showId: '',
        kind: 'plain' as const,
        offFen: OFF,
        thresholdFen: 0,
        total: 100,
        left: 100,
        perMember: 2,
        endsAt: now + DAY,
        createdBy: 'officer',
        createdAt: now
      }
      const union = { scope: 'union' as const, payer: 'union' as const, budgetId: 'pot', shopId: '' }
      await tx.insert(coupons).values([
        { ...coupon, ...union, id: 'u' },
        { ...coupon, id: 'first', shopId: 'shop', newBuyer: true }
      ])
      for (const memberId of members) {
        const claim = { memberId, claimedAt: now, orderId: '' }
        await tx.insert(claims).values([
          { ...claim, couponId: 'u', nth: 1 },
          { ...claim, couponId: 'first', nth: 1 },
          { ...claim, couponId: 'first', nth: 2 }
        ])
      }
    })
    const { databaseUrl, dataDir } = place
    const outcomes = (await processes.go(groups.map((bills) => ({ databaseUrl, dataDir, bills })))).flat()
    const inUse = await store.read.select().from(claims).where(ne(claims.orderId, ''))
    const [pot] = await store.read.select().from(budgets)
    await store.close()
    return { outcomes, inUse, leftFen: pot!.leftFen }
  }
  const counted = (outcomes: string[]) =>
    Object.fromEntries([...Map.groupBy(outcomes, (code) => code)].map(([code, some]) => [code, some.length]))
  const people = (from: number, many: number) => Array.from({ length: many }, (_, i) => `member-${from + i}`)
  const bill = (memberId: string, more: Partial<Errand['bills'][number]> = {}) => ({
    billId: `bill-${memberId}`,
    memberId,
    picks: [{ couponId: 'u', nth: 1 }],
    fen: 3000,
    returns: false,
    ...more
  })

  it(
    'never pass a pot: of forty bills sixteen have what it holds, and no fen more',
    async () => {
      const groups = [people(0, 20), people(20, 20)]
      const { outcomes, inUse, leftFen } = await spent(
        16 * OFF + OFF - 1,
        groups.flat(),
        ...groups.map((members) => members.map((memberId) => bill(memberId)))
      )
      expect(counted(outcomes)).toEqual({ used: 16, coupon_budget_gone: 24 })
      expect([inUse.length, leftFen]).toEqual([16, OFF - 1])
    },
    MINUTE
  )

  it(
    'put back what nobody paid, whoever takes from the pot meanwhile',
    async () => {
      const groups = [people(0, 20), people(20, 20)]
      const { outcomes, inUse, leftFen } = await spent(
        10 * OFF,
        groups.flat(),
        ...groups.map((members) => members.map((memberId, i) => bill(memberId, { returns: i % 2 === 0 })))
      )
      const used = counted(outcomes)['used'] ?? 0
      expect(used).toBeLessThanOrEqual(10)
      expect(new Set(outcomes).isSubsetOf(new Set(['used', 'returned', 'coupon_budget_gone']))).toBe(true)
      expect(inUse.map(({ offFen }) => offFen)).toEqual(Array.from({ length: used }, () => OFF))
      expect(leftFen).toBe((10 - used) * OFF)
    },
    MINUTE
  )

  it(
    'take a first purchase once, though she pays from two phones',
    async () => {
      const picks = (nth: number) => ({ billId: `bill-${nth}`, picks: [{ couponId: 'first', nth }] })
      const { outcomes, inUse } = await spent(
        OFF,
        ['member-0'],
        [bill('member-0', picks(1))],
        [bill('member-0', picks(2))]
      )
      expect(counted(outcomes)).toEqual({ used: 1, new_buyers_only: 1 })
      expect(inUse).toHaveLength(1)
    },
    MINUTE
  )
})
