import { and, eq } from 'drizzle-orm'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openShop } from '../../shared/contracts/catalogue.ts'
import { claimCoupon, dropCoupon, myCoupons } from '../../shared/contracts/coupons.ts'
import { scheduleShow } from '../../shared/contracts/live.ts'
import { settableClock } from '../testing/clock.ts'
import { engines } from '../testing/engines.ts'
import { testVillage, type SignedIn, type TestVillage } from '../testing/village.ts'
import { openFiling } from './filing.ts'

const MINUTE = 60_000

describe.each(engines)('filing claims on $name', (engine) => {
  const clock = settableClock()
  let here: TestVillage
  let host: SignedIn
  let showId: string
  let buyers: SignedIn[]
  beforeAll(async () => {
    here = await testVillage({ engine, clock })
    host = await here.signIn('王姐', 'host')
    await host.call(openShop, { body: { name: '王姐海货', village: '红岛村', story: '', portrait: '' } })
    const body = { title: '早潮', cover: '', startsAt: clock.now() + MINUTE, productIds: [] }
    showId = (await host.call(scheduleShow, { body })).json.show.id
    buyers = await Promise.all(['小周', '小吴', '小郑'].map((name) => here.signIn(name, 'buyer')))
  })
  afterAll(() => here.close())

  async function dropped(total = 50, perMember = 1): Promise<string> {
    const body = {
      kind: 'plain' as const,
      offFen: 500,
      thresholdFen: 0,
      total,
      perMember,
      lifeMs: 10 * MINUTE
    }
    const { status, json } = await host.call(dropCoupon, { params: { showId }, body })
    expect(status, JSON.stringify(json)).toBe(200)
    return json.coupon.id
  }
  const claim = async (couponId: string, ...who: SignedIn[]) => {
    for (const each of who) expect((await each.call(claimCoupon, { params: { couponId } })).status).toBe(200)
  }
  const pocketOf = async (who: SignedIn, couponId: string) =>
    (await who.call(myCoupons)).json.items.filter(({ coupon }) => coupon.id === couponId).length

  function filingClerk() {
    let sweep!: () => Promise<unknown>
    openFiling({ store: here.village.store, clock, jobs: { every: (_name, _ms, each) => (sweep = each) } })
    return () => sweep()
  }
  const claimsOf = (couponId: string) => {
    const { read, schema } = here.village.store
    const { claims } = schema
    return read.select().from(claims).where(eq(claims.couponId, couponId)).orderBy(claims.memberId)
  }
  const filed = async (couponId: string) => (await claimsOf(couponId)).map((each) => each.filed)

  it('leaves a coupon alone that can still be claimed, and her pocket finds it all the same', async () => {
    const couponId = await dropped(50, 2)
    await claim(couponId, buyers[0]!, buyers[0]!, buyers[1]!)
    await filingClerk()()
    expect(await filed(couponId)).toEqual([false, false, false])
    expect(await pocketOf(buyers[0]!, couponId)).toBe(2)
    expect(await pocketOf(buyers[2]!, couponId)).toBe(0)
  })

  it('files what is over, and nobody’s pocket is another for it, also half way', async () => {
    const couponId = await dropped()
    await claim(couponId, ...buyers)
    clock.pass(12 * MINUTE)
    const { store } = here.village
    const { coupons, claims } = store.schema
    const first = (await claimsOf(couponId))[0]!.memberId
    await store.tx(async (tx) => {
      await tx.update(coupons).set({ filedTo: first }).where(eq(coupons.id, couponId))
      await tx
        .update(claims)
        .set({ filed: true })
        .where(and(eq(claims.couponId, couponId), eq(claims.memberId, first)))
    })
    for (const buyer of buyers) expect(await pocketOf(buyer, couponId)).toBe(1)
    await filingClerk()()
    expect(await filed(couponId)).toEqual([true, true, true])
    for (const buyer of buyers) expect(await pocketOf(buyer, couponId)).toBe(1)
  })

  it('leaves out nobody, wherever the database sorts her', async () => {
    const couponId = await dropped(2)
    await claim(couponId, buyers[0]!)
    const { store } = here.village
    const last = { couponId, memberId: '～', nth: 1, claimedAt: clock.now(), orderId: '', filed: false }
    await store.tx(async (tx) => {
      await tx.insert(store.schema.claims).values(last)
      await tx.update(store.schema.coupons).set({ left: 0 }).where(eq(store.schema.coupons.id, couponId))
    })
    await filingClerk()()
    expect(await filed(couponId)).toEqual([true, true])
  })

  it('lets nobody claim what is being filed, however late her tap is written', async () => {
    const couponId = await dropped()
    await claim(couponId, buyers[0]!)
    const { store, coupons } = here.village
    const tapped = clock.now()
    clock.pass(12 * MINUTE)
    await filingClerk()()
    // Her server stood still in between, and its clock with it.
    clock.pass(tapped - clock.now())
    const me = { ...buyers[1]!.me, roles: ['buyer' as const] }
    await expect(coupons.claimFor(me, couponId)).rejects.toMatchObject({ code: 'coupon_over' })
    expect(await pocketOf(buyers[1]!, couponId)).toBe(0)
    expect(await store.read.$count(store.schema.claims, eq(store.schema.claims.couponId, couponId))).toBe(1)
    clock.pass(12 * MINUTE)
  })

  it('files what has run out before its end', async () => {
    const couponId = await dropped(2)
    await claim(couponId, buyers[0]!, buyers[1]!)
    await filingClerk()()
    expect(await filed(couponId)).toEqual([true, true])
  })

  it('waits while the clock of the room stands still', async () => {
    const couponId = await dropped()
    await claim(couponId, buyers[0]!)
    const { store, coupons } = here.village
    const stoppedAt = clock.now()
    await store.tx((tx) =>
      tx.update(store.schema.coupons).set({ stoppedAt }).where(eq(store.schema.coupons.id, couponId))
    )
    clock.pass(12 * MINUTE)
    await filingClerk()()
    expect(await filed(couponId)).toEqual([false])
    expect(await coupons.claimFor({ ...buyers[1]!.me, roles: ['buyer'] }, couponId)).toMatchObject({ nth: 1 })
    expect(await pocketOf(buyers[1]!, couponId)).toBe(1)
  })

  it('is done by two servers at once without standing in each other’s way', async () => {
    const couponIds = [await dropped(1), await dropped(1), await dropped(1)]
    for (const couponId of couponIds) await claim(couponId, buyers[2]!)
    await Promise.all([filingClerk()(), filingClerk()()])
    for (const couponId of couponIds) expect(await filed(couponId)).toEqual([true])
  })
})
