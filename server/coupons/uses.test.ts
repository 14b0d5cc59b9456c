import { eq } from 'drizzle-orm'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openShop } from '../../shared/contracts/catalogue.ts'
import {
  addUnionBudget,
  claimCoupon,
  dropCoupon,
  myCoupons,
  type CouponCard,
  type CouponDraft,
  type PickedCoupon
} from '../../shared/contracts/coupons.ts'
import { scheduleShow } from '../../shared/contracts/live.ts'
import { settableClock } from '../testing/clock.ts'
import { engines } from '../testing/engines.ts'
import { testVillage, type SignedIn, type TestVillage } from '../testing/village.ts'

const MINUTE = 60_000
const draft: CouponDraft = {
  kind: 'plain',
  offFen: 500,
  thresholdFen: 0,
  total: 50,
  perMember: 3,
  lifeMs: 60 * MINUTE
}

describe.each(engines)('coupons of a bill on $name', (engine) => {
  const clock = settableClock()
  let here: TestVillage
  let officer: SignedIn
  const hosts: Record<string, { signedIn: SignedIn; shopId: string; showId: string }> = {}
  let bills = 0

  beforeAll(async () => {
    here = await testVillage({ engine, clock })
    officer = await here.signIn('吴干事', 'officer')
    for (const name of ['王姐', '李姐']) {
      const signedIn = await here.signIn(name, 'host')
      const words = { name: `${name}海货`, village: '红岛村', story: '', portrait: '' }
      const shopId = (await signedIn.call(openShop, { body: words })).json.shop.id
      const body = { title: '早潮', cover: '', startsAt: clock.now() + MINUTE, productIds: [] }
      const showId = (await signedIn.call(scheduleShow, { body })).json.show.id
      hosts[name] = { signedIn, shopId, showId }
    }
  })
  afterAll(() => here.close())

  const coupons = () => here.village.coupons
  const tables = () => here.village.store.schema
  const unit = <T>(work: Parameters<typeof here.village.store.tx<T>>[0]) => here.village.store.tx(work)
  const shop = (host: string) => hosts[host]!.shopId
  const order = (host: string, ...fen: number[]) => ({
    shopId: shop(host),
    lines: fen.map((each, i) => ({ specId: `${host}-${i}`, productId: `${host}-${i}`, fen: each }))
  })

  async function dropped(
    changes: Partial<CouponDraft> = {},
    who?: SignedIn,
    host = '王姐'
  ): Promise<CouponCard> {
    const { signedIn, showId } = hosts[host]!
    const body = { ...draft, ...changes }
    const { status, json } = await (who ?? signedIn).call(dropCoupon, { params: { showId }, body })
    expect(status, JSON.stringify(json)).toBe(200)
    return json.coupon
  }
  const pot = async (totalFen: number) =>
    (await officer.call(addUnionBudget, { body: { name: '渔家节', totalFen } })).json.budget
  const ofUnion = async (changes: Partial<CouponDraft> = {}, totalFen = 100_000) =>
    dropped({ scope: 'union', budgetId: (await pot(totalFen)).id, ...changes }, officer)
  const claimed = async (who: SignedIn, ...cards: CouponCard[]): Promise<PickedCoupon[]> => {
    const picks: PickedCoupon[] = []
    for (const { id } of cards) {
      const { status, json } = await who.call(claimCoupon, { params: { couponId: id } })
      expect(status, JSON.stringify(json)).toBe(200)
      picks.push({ couponId: id, nth: json.nth })
    }
    return picks
  }
  const use = (
    who: SignedIn,
    picks: PickedCoupon[],
    orders: ReturnType<typeof order>[],
    billId = `bill-${++bills}`
  ) => unit((tx) => coupons().useIn(tx, { memberId: who.me.id, billId, picks, orders }))
  const giveBack = (billId: string) => unit((tx) => coupons().returnIn(tx, billId))
  const leftOf = async (couponId: string) => {
    const { coupons: dropped, budgets } = tables()
    const rows = await here.village.store.read
      .select({ left: budgets.leftFen })
      .from(budgets)
      .innerJoin(dropped, eq(dropped.budgetId, budgets.id))
      .where(eq(dropped.id, couponId))
    return rows[0]?.left
  }
  const stateOf = async (who: SignedIn, couponId: string) => {
    const mine = (await who.call(myCoupons)).json.items.find((each) => each.coupon.id === couponId)
    return mine && [mine.state, mine.reason]
  }
  /** Paid some order once: no new buyer any more. */
  async function hasBought(who: SignedIn) {
    const now = clock.now()
    const row: typeof here.village.store.schema.orders.$inferInsert = {
      id: `old-${who.me.id}`,
      memberId: who.me.id,
      buyer: '',
      key: 'old',
      shopId: shop('王姐'),
      showId: '',
      state: 'paid',
      goodsFen: 0,
      discountFen: 0,
      freightFen: 0,
      payFen: 0,
      couponId: '',
      couponNth: 0,
      deliverTo: { receiver: '', phone: '', region: '', detail: '' },
      test: true,
      paymentId: '',
      createdAt: now,
      heldUntil: now,
      paidAt: now
    }
    await unit((tx) => tx.insert(tables().orders).values(row))
  }

  it('take off what they say, order by order and line by line, each paid by its giver', async () => {
    const buyer = await here.signIn('小陈')
    const [wang, li, all] = [
      await dropped({ offFen: 500 }),
      await dropped({ offFen: 9999, offPermyriad: 1000 }, undefined, '李姐'),
      await ofUnion({ offFen: 1000, thresholdFen: 5000 })
    ]
    const picks = await claimed(buyer, wang, li, all)
    const orders = [order('王姐', 1000, 2000), order('李姐', 2500)]
    // 3000 − 500 and 2500 − 250 are left: the union’s 1000 is shared out over these.
    const expected = [
      [
        { ...picks[0]!, offFen: 500, payer: 'host', lines: [167, 333] },
        { ...picks[2]!, offFen: 526, payer: 'union', lines: [175, 351] }
      ],
      [
        { ...picks[1]!, offFen: 250, payer: 'host', lines: [250] },
        { ...picks[2]!, offFen: 474, payer: 'union', lines: [474] }
      ]
    ]
    const asked = { memberId: buyer.me.id, picks, orders }
    expect(await coupons().reckon(asked, clock.now())).toEqual(expected)
    expect(await stateOf(buyer, all.id)).toEqual(['usable', ''])
    expect(await use(buyer, picks, orders)).toEqual(expected)
    expect(await leftOf(all.id)).toBe(99_000)
    expect(await stateOf(buyer, all.id)).toEqual(['used', ''])
  })

  it('come back with the bill, into the pocket and into the pot, once', async () => {
    const buyer = await here.signIn('小林')
    const all = await ofUnion({ offFen: 700 }, 1000)
    const own = await dropped({ budgetFen: 800 })
    const picks = await claimed(buyer, all, own)
    await use(buyer, picks, [order('王姐', 3000)], 'bill-a')
    expect([await leftOf(all.id), await leftOf(own.id)]).toEqual([300, 300])
    await expect(use(buyer, picks, [order('王姐', 3000)])).rejects.toMatchObject({ code: 'coupon_used' })
    await giveBack('bill-a')
    await giveBack('bill-a')
    await giveBack('')
    expect([await leftOf(all.id), await leftOf(own.id)]).toEqual([1000, 800])
    expect(await stateOf(buyer, all.id)).toEqual(['usable', ''])
    await use(buyer, picks, [order('王姐', 3000)])
  })

  it('that are over when their bill gives them back were not used', async () => {
    const buyer = await here.signIn('小赵')
    const all = await ofUnion({ lifeMs: MINUTE }, 500)
    const picks = await claimed(buyer, all)
    await use(buyer, picks, [order('王姐', 3000)], 'bill-b')
    clock.pass(MINUTE)
    await giveBack('bill-b')
    expect(await stateOf(buyer, all.id)).toEqual(['over', ''])
    expect(await leftOf(all.id)).toBe(500)
    await expect(use(buyer, picks, [order('王姐', 3000)])).rejects.toMatchObject({ code: 'coupon_over' })
  })

  it('never pass their pot: who comes when it holds too little keeps her coupon and hears why', async () => {
    const buyers = [await here.signIn('小孙'), await here.signIn('小周')]
    const all = await ofUnion({ offFen: 600 }, 1000)
    const picks = [await claimed(buyers[0]!, all), await claimed(buyers[1]!, all)]
    await use(buyers[0]!, picks[0]!, [order('王姐', 3000)], 'bill-c')
    const late = use(buyers[1]!, picks[1]!, [order('王姐', 3000)])
    await expect(late).rejects.toMatchObject({ code: 'coupon_budget_gone', details: picks[1]![0] })
    // Of less than the pot still holds it takes off what is there to take.
    await use(buyers[1]!, picks[1]!, [order('李姐', 400)])
    expect(await leftOf(all.id)).toBe(0)
    await giveBack('bill-c')
    expect(await leftOf(all.id)).toBe(600)
  })

  it('are used by one of two bills at the same moment', async () => {
    const buyer = await here.signIn('小吴')
    const all = await ofUnion()
    const picks = await claimed(buyer, all)
    const tries = [1, 2, 3].map(() => use(buyer, picks, [order('王姐', 3000)]))
    const outcomes = await Promise.allSettled(tries)
    expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(1)
    expect(await leftOf(all.id)).toBe(99_500)
  })

  it('for new buyers are for who never paid, and for one bill at a time', async () => {
    const [fresh, regular] = [await here.signIn('小郑'), await here.signIn('小冯')]
    const first = await dropped({ newBuyer: true })
    const second = await dropped({ newBuyer: true }, undefined, '李姐')
    const picks = await claimed(fresh, first, second)
    const others = await claimed(regular, first)
    await hasBought(regular)
    expect(await stateOf(regular, first.id)).toEqual(['usable', 'new_buyers_only'])
    const refused = use(regular, others, [order('王姐', 3000)])
    await expect(refused).rejects.toMatchObject({ code: 'new_buyers_only' })

    const both = await Promise.allSettled(
      picks.map((pick, i) => use(fresh, [pick], [order(i ? '李姐' : '王姐', 3000)], `first-${i}`))
    )
    expect(both.map(({ status }) => status).toSorted()).toEqual(['fulfilled', 'rejected'])
    const reasons = both.flatMap((each) => (each.status === 'rejected' ? [each.reason] : []))
    expect(reasons).toMatchObject([{ code: 'new_buyers_only' }])
    await Promise.all([giveBack('first-0'), giveBack('first-1')])
    // In one bill they are one first purchase.
    await use(fresh, picks, [order('王姐', 3000), order('李姐', 3000)])
  })

  it.each<[string, () => Promise<unknown>, object]>([
    [
      'that are not hers',
      async () =>
        use(await here.signIn('小褚'), [{ couponId: (await dropped()).id, nth: 1 }], [order('王姐', 9)]),
      { code: 'coupon_not_yours' }
    ],
    [
      'two of one shop',
      async () => {
        const buyer = await here.signIn('小卫')
        return use(buyer, await claimed(buyer, await dropped(), await dropped()), [order('王姐', 3000)])
      },
      { code: 'coupons_clash' }
    ],
    [
      'the same twice',
      async () => {
        const buyer = await here.signIn('小蒋')
        const [pick] = await claimed(buyer, await dropped())
        return use(buyer, [pick!, pick!], [order('王姐', 3000)])
      },
      { code: 'coupons_clash' }
    ],
    [
      'below their threshold',
      async () => {
        const buyer = await here.signIn('小沈')
        return use(buyer, await claimed(buyer, await dropped({ thresholdFen: 3001 })), [
          order('王姐', 1000, 2000)
        ])
      },
      { code: 'coupon_below_threshold', details: { missingFen: 1 } }
    ],
    [
      'of another shop',
      async () => {
        const buyer = await here.signIn('小韩')
        return use(buyer, await claimed(buyer, await dropped()), [order('李姐', 3000)])
      },
      { code: 'coupon_wrong_shop' }
    ]
  ])('refuse %s, and the whole bill is as it was', async (_what, work, expected) => {
    const before = await here.village.store.read.select().from(tables().budgets)
    await expect(work()).rejects.toMatchObject(expected)
    const used = await here.village.store.read
      .select()
      .from(tables().claims)
      .where(eq(tables().claims.orderId, `bill-${bills}`))
    expect(used).toEqual([])
    expect(await here.village.store.read.select().from(tables().budgets)).toEqual(before)
  })

  it('are shown with those that save most together first, and why each other is not among them', async () => {
    const buyer = await here.signIn('小杨')
    const best = await dropped({ offFen: 800 })
    const small = await dropped({ offFen: 300 })
    const as = await dropped({ offFen: 800, lifeMs: 90 * MINUTE })
    const far = await dropped({ offFen: 900, thresholdFen: 9000 })
    const other = await dropped({}, undefined, '李姐')
    const all = await ofUnion({ offFen: 10_000, offPermyriad: 1000 })
    const poor = await ofUnion({ offFen: 10_000, offPermyriad: 2000 }, 500)
    await claimed(buyer, best, small, as, far, other, all, poor)
    const choices = await coupons().choices(buyer.me.id, { shops: [order('王姐', 2000, 3000)] }, clock.now())
    const no = { best: false, offFen: 0, missingFen: 0, why: '' }
    const can = { reason: '', missingFen: 0 }
    const said = Object.fromEntries(
      choices.map(({ couponId, best, offFen, reason, missingFen, why }) => [
        couponId,
        { best, offFen, reason, missingFen, why }
      ])
    )
    expect(said).toEqual({
      [best.id]: { ...can, best: true, offFen: 800, why: 'best_of_shop' },
      [all.id]: { ...can, best: true, offFen: 420, why: 'best_of_union' },
      [small.id]: { ...can, best: false, offFen: 300, why: 'saves_less' },
      [as.id]: { ...can, best: false, offFen: 800, why: 'saves_as_much' },
      [far.id]: { ...no, reason: 'coupon_below_threshold', missingFen: 4000 },
      [other.id]: { ...no, reason: 'coupon_wrong_shop' },
      [poor.id]: { ...no, reason: 'coupon_budget_gone' }
    })
    expect(new Set(choices.slice(0, 2).map(({ couponId }) => couponId))).toEqual(new Set([best.id, all.id]))
    const picks = choices.filter((each) => each.best).map(({ couponId, nth }) => ({ couponId, nth }))
    const used = await use(buyer, picks, [order('王姐', 2000, 3000)])
    expect(used.flat().reduce((sum, { offFen }) => sum + offFen, 0)).toBe(1220)
  })

  it('a pocket of more than one screen leaves out what could not count, before what could', async () => {
    const buyer = await here.signIn('小朱')
    const [good] = await claimed(buyer, await dropped())
    clock.pass(1)
    const { claims, coupons: cards } = tables()
    const now = clock.now()
    const [row] = await here.village.store.read.select().from(cards).where(eq(cards.id, good!.couponId))
    await unit(async (tx) => {
      for (let i = 0; i < 100; i++) {
        const id = `other-${buyer.me.id}-${i}`
        await tx.insert(cards).values({ ...row!, id, shopId: shop('李姐'), endsAt: now + 9 * MINUTE })
        await tx
          .insert(claims)
          .values({ couponId: id, memberId: buyer.me.id, nth: 1, claimedAt: now, orderId: '' })
      }
    })
    const choices = await coupons().choices(buyer.me.id, { shops: [order('王姐', 3000)] }, now)
    expect(choices).toHaveLength(100)
    expect(choices[0]).toMatchObject({ ...good, best: true })
  })
})
