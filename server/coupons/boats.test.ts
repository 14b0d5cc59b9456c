import { eq } from 'drizzle-orm'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { Problem } from '../../shared/problems.ts'
import { openStore } from '../store/open.ts'
import type { Store } from '../store/store.ts'
import { engines, type Place } from '../testing/engines.ts'
import { openRush } from './rush.ts'
import { couponStore, type CouponRow } from './store.ts'

const NOW = 1_000_000
const SEATS = 8

const woman = (name: string) => ({ id: name, name, roles: ['buyer'] as const })
const women = (many: number) =>
  Array.from({ length: many }, (_, i) => woman(`w${String(i).padStart(3, '0')}`))

describe.each(engines)('boats of claims on $name', (engine) => {
  let place: Place
  let store: Store
  let units = 0
  let rush: ReturnType<typeof openRush>
  let rows: ReturnType<typeof couponStore>
  beforeAll(async () => {
    place = await engine.make()
    store = await openStore({ ...place, redisUrl: '' }, (error) => expect.unreachable(String(error)))
    rows = couponStore(store)
    const counted: Store = { ...store, tx: (work, hint) => (units++, store.tx(work, hint)) }
    const followsIn = async (_on: unknown, memberId: string) => memberId !== 'stranger'
    rush = openRush({ store: counted, rows, followsIn, seats: SEATS })
  })
  afterAll(async () => {
    await store.close()
    await place.drop()
  })

  let dropped = 0
  async function drop(changes: Partial<CouponRow>): Promise<CouponRow> {
    const id = `coupon${++dropped}`
    const total = changes.total ?? 100
    const row = {
      id,
      shopId: 'wang',
      hostId: 'wang',
      showId: 'tide',
      kind: 'plain' as const,
      offFen: 500,
      thresholdFen: 0,
      total,
      left: total,
      perMember: 1,
      startsAt: 0,
      endsAt: 2 * NOW,
      createdBy: 'wang',
      createdAt: NOW,
      ...changes
    }
    await store.tx((tx) => tx.insert(store.schema.coupons).values(row).returning())
    return (await rows.coupon(store.read, id))!
  }
  const outcomes = (coupon: CouponRow, who: { id: string }[], at: (i: number) => number = () => NOW) =>
    Promise.all(
      who.map((each, i) =>
        rush.claim(coupon, woman(each.id), at(i)).then(
          ({ nth, left }) => `${nth} of hers, ${left} left`,
          (error: unknown) => (error instanceof Problem ? error.code : String(error))
        )
      )
    )
  /** What is left, and in whose pockets the others are. */
  async function books({ id }: CouponRow) {
    const { claims } = store.schema
    const held = await store.read.select().from(claims).where(eq(claims.couponId, id))
    return { left: (await rows.coupon(store.read, id))!.left, held: held.map((each) => each.memberId).sort() }
  }

  it('take whoever claims in the same moment across in one unit of work', async () => {
    const coupon = await drop({})
    const before = units
    const got = await outcomes(coupon, women(SEATS))
    expect(units - before).toBe(1)
    expect(got).toEqual(women(SEATS).map((_, i) => `1 of hers, ${99 - i} left`))
    expect(await books(coupon)).toEqual({ left: 92, held: women(SEATS).map(({ id }) => id) })
  })

  it('sail as often as it takes, and leave nobody on the pier', async () => {
    const coupon = await drop({})
    const got = await outcomes(coupon, women(90))
    expect(got).toEqual(women(90).map((_, i) => `1 of hers, ${99 - i} left`))
    expect(await books(coupon)).toEqual({ left: 10, held: women(90).map(({ id }) => id) })
  })

  it('give the last ones to those who came first', async () => {
    const coupon = await drop({ total: 3 })
    const got = await outcomes(coupon, women(SEATS))
    expect(got.slice(0, 3)).toEqual(['1 of hers, 2 left', '1 of hers, 1 left', '1 of hers, 0 left'])
    expect(new Set(got.slice(3))).toEqual(new Set(['coupon_gone']))
    expect(await books(coupon)).toEqual({ left: 0, held: ['w000', 'w001', 'w002'] })
  })

  it('give the last ones to those who may have them', async () => {
    const coupon = await drop({ total: 2, kind: 'follow' })
    const who = ['stranger', 'mei', 'mei', 'lan', 'xiu'].map(woman)
    expect(await outcomes(coupon, who)).toEqual([
      'follow_first',
      '1 of hers, 1 left',
      'coupon_claimed',
      '1 of hers, 0 left',
      'coupon_gone'
    ])
    expect(await books(coupon)).toEqual({ left: 0, held: ['lan', 'mei'] })
  })

  it('give one woman as many as she may have, though all of her taps are in one boat', async () => {
    const coupon = await drop({ perMember: 2 })
    const got = await outcomes(coupon, ['mei', 'mei', 'mei'].map(woman))
    expect(got).toEqual(['1 of hers, 99 left', '2 of hers, 98 left', 'coupon_claimed'])
    expect(await books(coupon)).toEqual({ left: 98, held: ['mei', 'mei'] })
  })

  it('measure beginning and end by each woman’s own tap', async () => {
    const coupon = await drop({ startsAt: NOW, endsAt: NOW + 2 })
    const got = await outcomes(coupon, women(4), (i) => NOW - 1 + i)
    expect(got).toEqual(['coupon_early', '1 of hers, 99 left', '1 of hers, 98 left', 'coupon_over'])
    expect(await books(coupon)).toEqual({ left: 98, held: ['w001', 'w002'] })
  })

  it('are told apart by coupon', async () => {
    const [one, other] = [await drop({}), await drop({ total: 1 })]
    const [got, rest] = await Promise.all([outcomes(one, women(3)), outcomes(other, women(3))])
    expect(got).toHaveLength(3)
    expect(rest.filter((each) => each === 'coupon_gone')).toHaveLength(2)
    expect([(await books(one)).left, (await books(other)).left]).toEqual([97, 0])
  })

  it('refuse everybody aboard when the store does, and the next boat sails', async () => {
    const coupon = await drop({})
    const sinking: Store = { ...store, tx: () => Promise.reject(new Error('the disk is full')) }
    const lost = openRush({ store: sinking, rows, followsIn: async () => true, seats: SEATS })
    const told = women(SEATS + 2).map((each) => lost.claim(coupon, each, NOW))
    const all = await Promise.allSettled(told)
    expect(new Set(all.map((each) => each.status))).toEqual(new Set(['rejected']))
    expect(await outcomes(coupon, women(2))).toHaveLength(2)
    expect((await books(coupon)).left).toBe(98)
  })
})
