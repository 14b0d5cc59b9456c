import { eq } from 'drizzle-orm'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Body } from '../../shared/contract.ts'
import { openShop } from '../../shared/contracts/catalogue.ts'
import { claimCoupon, dropCoupon, myCoupons, type CouponCard } from '../../shared/contracts/coupons.ts'
import { getRoom, myRoom, scheduleShow } from '../../shared/contracts/live.ts'
import { followHost } from '../../shared/contracts/members.ts'
import { settableClock } from '../testing/clock.ts'
import { engines } from '../testing/engines.ts'
import { watch } from '../testing/viewer.ts'
import { testVillage, type SignedIn, type TestVillage } from '../testing/village.ts'

const MINUTE = 60_000
const draft: Body<typeof dropCoupon> = {
  kind: 'plain',
  offFen: 500,
  thresholdFen: 3000,
  total: 10,
  perMember: 1,
  lifeMs: 10 * MINUTE
}

describe.each(engines)('coupons on $name', (engine) => {
  const clock = settableClock()
  let here: TestVillage
  let wang: SignedIn
  let li: SignedIn
  let buyers: SignedIn[]
  let showId: string

  beforeAll(async () => {
    here = await testVillage({ engine, clock })
    wang = await here.signIn('王姐', 'host')
    li = await here.signIn('李姐', 'host')
    buyers = await Promise.all(['小陈', '小林', '小赵', '小孙'].map((name) => here.signIn(name)))
    for (const host of [wang, li]) {
      await host.call(openShop, {
        body: { name: `${host.me.name}海货`, village: '红岛村', story: '', portrait: '' }
      })
    }
    showId = await schedule(wang)
  })
  afterAll(() => here.close())

  const schedule = async (host: SignedIn) => {
    const body = { title: '早潮', cover: '', startsAt: clock.now() + MINUTE, productIds: [] }
    return (await host.call(scheduleShow, { body })).json.show.id
  }
  const drop = async (changes: Partial<Body<typeof dropCoupon>> = {}, who = wang, at = showId) =>
    who.call(dropCoupon, { params: { showId: at }, body: { ...draft, ...changes } })
  const dropped = async (changes: Partial<Body<typeof dropCoupon>> = {}): Promise<CouponCard> => {
    const { status, json } = await drop(changes)
    expect(status, JSON.stringify(json)).toBe(200)
    return json.coupon
  }
  const claim = (who: Pick<SignedIn, 'call'>, couponId: string) =>
    who.call(claimCoupon, { params: { couponId } })
  const codeOf = async (who: Pick<SignedIn, 'call'>, couponId: string) =>
    (await claim(who, couponId)).json.code
  const pocket = async (who: SignedIn) => (await who.call(myCoupons)).json.items
  const leftOf = async (couponId: string) => {
    const { coupons } = here.village.store.schema
    const rows = await here.village.store.read.select().from(coupons).where(eq(coupons.id, couponId))
    return rows[0]!.left
  }

  it('a dropped coupon hangs in the room for everybody, and the log says so', async () => {
    const before = (await here.guest.call(getRoom, { params: { showId } })).json.version
    const coupon = await dropped()
    expect(coupon).toMatchObject({ shopName: '王姐海货', hostId: wang.me.id, total: 10, left: 10 })
    const { version, coupons } = (await here.guest.call(getRoom, { params: { showId } })).json
    expect(version).toBe(before + 1)
    expect(coupons[0]).toEqual(coupon)
  })

  it('the last coupon is claimed, and the one after it is not there', async () => {
    const { id } = await dropped({ total: 2 })
    expect((await claim(buyers[0]!, id)).json).toEqual({ couponId: id, nth: 1, left: 1 })
    expect((await claim(buyers[1]!, id)).json).toEqual({ couponId: id, nth: 1, left: 0 })
    expect(await codeOf(buyers[2]!, id)).toBe('coupon_gone')
    // Who holds one already hears that, not that she came too late.
    expect(await codeOf(buyers[0]!, id)).toBe('coupon_claimed')
    expect(await leftOf(id)).toBe(0)
  })

  it('a member claims as many as she may, and no more', async () => {
    const one = await dropped()
    expect((await claim(buyers[0]!, one.id)).status).toBe(200)
    expect(await codeOf(buyers[0]!, one.id)).toBe('coupon_claimed')
    expect(await leftOf(one.id)).toBe(9)

    const two = await dropped({ perMember: 2 })
    const answers = await Promise.all([1, 2, 3, 4].map(() => claim(buyers[0]!, two.id)))
    const granted = answers.filter((answer) => answer.status === 200).map((answer) => answer.json.nth)
    expect(new Set(granted)).toEqual(new Set([1, 2]))
    expect(answers.filter((answer) => answer.json.code === 'coupon_claimed')).toHaveLength(2)
    expect(await leftOf(two.id)).toBe(8)
  })

  it('a coupon for followers waits until she follows', async () => {
    const { id } = await dropped({ kind: 'follow' })
    const refused = await claim(buyers[3]!, id)
    expect([refused.status, refused.json.code]).toEqual([403, 'follow_first'])
    expect(await leftOf(id)).toBe(10)
    await buyers[3]!.call(followHost, { params: { hostId: wang.me.id } })
    expect((await claim(buyers[3]!, id)).status).toBe(200)
  })

  it('a coupon is claimed until the moment it ends, and not at it', async () => {
    const { id, endsAt } = await dropped({ lifeMs: MINUTE })
    clock.set(endsAt - 1)
    expect((await claim(buyers[0]!, id)).status).toBe(200)
    clock.set(endsAt)
    expect(await codeOf(buyers[1]!, id)).toBe('coupon_over')
    expect(await codeOf(buyers[0]!, id)).toBe('coupon_over')
    expect((await here.village.coupons.cardsOf(showId)).map((card) => card.id)).not.toContain(id)
  })

  it('nobody claims what nobody dropped, and no guest claims at all', async () => {
    expect(await codeOf(buyers[0]!, 'nothing')).toBe('no_such_coupon')
    const { id } = await dropped()
    expect(await codeOf(here.guest, id)).toBe('sign_in_first')
    expect(await leftOf(id)).toBe(10)
  })

  it('a rush tells the room what is left, and writes nothing into its log', async () => {
    const { id } = await dropped({ total: 3 })
    const viewer = await watch(here.village, `/ws/rooms/${showId}`)
    try {
      await expect.poll(() => viewer.all('welcome')).toHaveLength(1)
      const { version } = viewer.all('welcome')[0]!
      for (const buyer of buyers) await claim(buyer, id)
      await expect
        .poll(() => viewer.all('coupon_left').at(-1), { timeout: 5_000 })
        .toEqual({ couponId: id, left: 0 })
      expect(viewer.numbers()).toEqual([])
      expect(await here.village.rooms.version(showId)).toBe(version)
    } finally {
      await viewer.leave()
    }
  })

  it('only who runs a show drops into it; an operator drops for the host’s shop', async () => {
    expect((await drop({}, li)).json.code).toBe('show_not_yours')
    expect((await drop({}, buyers[0])).json.code).toBe('role_missing')
    expect((await drop({}, wang, 'nowhere')).json.code).toBe('no_such_show')
    const operator = await here.signIn('阿明', 'operator')
    const { json } = await drop({}, operator)
    expect(json.coupon).toMatchObject({ hostId: wang.me.id, shopName: '王姐海货' })
    const newcomer = await here.signIn('新人', 'host')
    expect((await drop({}, newcomer, await schedule(newcomer))).json.code).toBe('no_such_shop')
  })

  it.each<[string, Partial<Body<typeof dropCoupon>>, string]>([
    ['more off than it asks for', { offFen: 3000 }, 'coupon_too_generous'],
    ['nothing off', { offFen: 0 }, 'bad_input'],
    ['a negative total', { total: -1 }, 'bad_input'],
    ['half a fen off', { offFen: 0.5 }, 'bad_input'],
    ['a life of a second', { lifeMs: 1000 }, 'bad_input'],
    ['a hundred for each member', { perMember: 100 }, 'bad_input']
  ])('a coupon with %s is not dropped', async (_what, wrong, code) => {
    const before = await here.village.coupons.cardsOf(showId)
    expect((await drop(wrong)).json.code).toBe(code)
    expect(await here.village.coupons.cardsOf(showId)).toEqual(before)
  })

  it('a room holds fifty coupons, and not one more', async () => {
    const at = await schedule(wang)
    for (let i = 0; i < 50; i++) expect((await drop({ lifeMs: MINUTE }, wang, at)).status).toBe(200)
    expect((await drop({}, wang, at)).json.code).toBe('too_many_coupons')
    clock.pass(MINUTE)
    expect((await drop({}, wang, at)).status).toBe(200)
  })

  it('a room tells me, and nobody else, what I claimed in it', async () => {
    const { id } = await dropped({ perMember: 2 })
    const mine = async (who: SignedIn) => (await who.call(myRoom, { params: { showId } })).json.claimed
    await claim(buyers[2]!, id)
    expect(await mine(buyers[2]!)).not.toContain(id) // she may have another
    await claim(buyers[2]!, id)
    expect(await mine(buyers[2]!)).toContain(id)
    expect(await mine(buyers[1]!)).not.toContain(id)
  })

  it('my pocket shows mine alone, newest first, and what each is good for', async () => {
    const fresh = await here.signIn('小钱')
    const short = await dropped({ lifeMs: MINUTE })
    const long = await dropped()
    await claim(fresh, short.id)
    clock.pass(1)
    await claim(fresh, long.id)
    clock.pass(MINUTE)
    const shown = (await pocket(fresh)).map((each) => [each.coupon.id, each.state])
    expect(shown).toEqual([
      [long.id, 'usable'],
      [short.id, 'over']
    ])
  })

  describe('one that is used with an order', () => {
    const use = async (who: SignedIn, couponId: string, billId: string, fen = 3000, shopId = shop) => {
      const picks = [{ couponId, nth: 1 }]
      const orders = [{ shopId, lines: [{ specId: 's', productId: 'p', fen }] }]
      const used = await here.village.store.tx((tx) =>
        here.village.coupons.useIn(tx, { memberId: who.me.id, billId, picks, orders })
      )
      return used[0]![0]!.offFen
    }
    const giveBack = (orderId: string) =>
      here.village.store.tx((tx) => here.village.coupons.returnIn(tx, orderId))
    const stateOf = async (who: SignedIn, couponId: string) =>
      (await pocket(who)).find((each) => each.coupon.id === couponId)?.state
    let shop: string
    let shopper: SignedIn
    beforeAll(async () => {
      shop = (await here.village.shops.shopOf(wang.me.id))!.id
      shopper = await here.signIn('小周')
    })

    it('takes its share off once, and comes back with the order', async () => {
      const { id } = await dropped()
      await claim(shopper, id)
      expect(await use(shopper, id, 'order-1')).toBe(500)
      expect(await stateOf(shopper, id)).toBe('used')
      await expect(use(shopper, id, 'order-2')).rejects.toMatchObject({ code: 'coupon_used' })
      await giveBack('order-2')
      expect(await stateOf(shopper, id)).toBe('used')
      await giveBack('order-1')
      expect(await stateOf(shopper, id)).toBe('usable')
      expect(await use(shopper, id, 'order-2')).toBe(500)
    })

    it('of two orders at the same moment one gets it', async () => {
      const { id } = await dropped()
      await claim(shopper, id)
      const outcomes = await Promise.allSettled(['a', 'b', 'c'].map((orderId) => use(shopper, id, orderId)))
      expect(outcomes.filter((outcome) => outcome.status === 'fulfilled')).toHaveLength(1)
    })

    it('that is over when its order gives it back was not used', async () => {
      const { id } = await dropped({ lifeMs: MINUTE })
      await claim(shopper, id)
      await use(shopper, id, 'order-3')
      clock.pass(MINUTE)
      await giveBack('order-3')
      expect(await stateOf(shopper, id)).toBe('over')
      await expect(use(shopper, id, 'order-4')).rejects.toMatchObject({ code: 'coupon_over' })
    })

    it('returning what no order holds disturbs no other pocket', async () => {
      const { id } = await dropped()
      await claim(shopper, id)
      await giveBack('')
      expect(await stateOf(shopper, id)).toBe('usable')
    })

    it('counts neither in another shop, nor below its threshold, nor for another member', async () => {
      const { id } = await dropped()
      await claim(shopper, id)
      await expect(use(shopper, id, 'o', 3000, 'other')).rejects.toMatchObject({ code: 'coupon_wrong_shop' })
      await expect(use(shopper, id, 'o', 2999)).rejects.toMatchObject({
        code: 'coupon_below_threshold',
        details: { missingFen: 1 }
      })
      await expect(use(buyers[0]!, id, 'o')).rejects.toMatchObject({ code: 'coupon_not_yours' })
      expect(await stateOf(shopper, id)).toBe('usable')
    })
  })
})
