import { eq } from 'drizzle-orm'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import {
  addShopBudget,
  addUnionBudget,
  budgetsOfShow,
  changeUnionBudget,
  claimByCode,
  claimCoupon,
  counterCoupons,
  dropCoupon,
  giveUnionCoupon,
  myCoupons,
  shopCoupons,
  unionBudgets,
  unionCoupons,
  WATCH_BEAT_MS,
  watchOn,
  type CouponCard,
  type CouponDraft
} from '../../shared/contracts/coupons.ts'
import { getRoom } from '../../shared/contracts/live.ts'
import { goOnAir, newProduct, newShop, newShow } from '../live/testing.ts'
import { settableClock } from '../testing/clock.ts'
import { engines } from '../testing/engines.ts'
import { testVillage, type SignedIn, type TestVillage } from '../testing/village.ts'

const MINUTE = 60_000
const draft: CouponDraft = {
  kind: 'plain',
  offFen: 500,
  thresholdFen: 0,
  total: 10,
  perMember: 1,
  lifeMs: 60 * MINUTE
}

describe.each(engines)('coupons of every kind on $name', (engine) => {
  const clock = settableClock()
  let here: TestVillage
  let wang: SignedIn
  let li: SignedIn
  let officer: SignedIn
  let showId: string
  let session: string
  let clams: string
  let names = 0

  beforeAll(async () => {
    here = await testVillage({ engine, clock })
    wang = await here.signIn('王姐', 'host')
    li = await here.signIn('李姐', 'host')
    officer = await here.signIn('吴干事', 'officer')
    await newShop(wang)
    await newShop(li)
    clams = (await newProduct(wang, '蛤蜊')).id
    showId = await newShow(here, wang)
    session = await goOnAir(here, wang, showId)
  })
  afterAll(() => here.close())

  const buyer = () => here.signIn(`买家${++names}`)
  const drop = (changes: Partial<CouponDraft>, who = wang) =>
    who.call(dropCoupon, { params: { showId }, body: { ...draft, ...changes } })
  async function dropped(changes: Partial<CouponDraft>, who = wang): Promise<CouponCard> {
    const { status, json } = await drop(changes, who)
    expect(status, JSON.stringify(json)).toBe(200)
    return json.coupon
  }
  const claim = async (who: SignedIn, couponId: string) => {
    const { status, json } = await who.call(claimCoupon, { params: { couponId } })
    return status === 200 ? 'claimed' : [json.code, json.details]
  }
  const say = async (who: SignedIn, code: string) => {
    const { status, json } = await who.call(claimByCode, { body: { code } })
    return status === 200 ? json.coupon.id : json.code
  }
  const pot = async (totalFen: number, who = officer) =>
    (
      await who.call(who === officer ? addUnionBudget : addShopBudget, {
        body: { name: '渔家节', totalFen }
      })
    ).json.budget

  describe('one that begins later', () => {
    it('hangs in the room with its beginning, and is claimed from that very moment on', async () => {
      const { id, startsAt, endsAt } = await dropped({ startsInMs: 5 * MINUTE, lifeMs: 10 * MINUTE })
      expect([startsAt - clock.now(), endsAt - startsAt]).toEqual([5 * MINUTE, 10 * MINUTE])
      const room = (await here.guest.call(getRoom, { params: { showId } })).json
      expect(room.coupons.find((coupon) => coupon.id === id)).toMatchObject({ startsAt, left: 10 })
      const who = await buyer()
      clock.set(startsAt - 1)
      expect(await claim(who, id)).toEqual(['coupon_early', { startsAt }])
      clock.set(startsAt)
      expect(await claim(who, id)).toBe('claimed')
    })
  })

  describe('one by word', () => {
    it('is for who says the word, in whatever way she types it, and for nobody who taps', async () => {
      const { id, ...card } = await dropped({ kind: 'code', code: '赶海 666' })
      expect(JSON.stringify(card)).not.toContain('666')
      const who = await buyer()
      expect(await claim(who, id)).toEqual(['coupon_code_needed', undefined])
      expect(await say(who, '赶海 555')).toBe('coupon_code_wrong')
      expect(await say(who, '赶海，６６６')).toBe(id)
      expect(await say(who, '赶海666')).toBe('coupon_claimed')
      expect((await who.call(myCoupons)).json.items.map(({ coupon }) => coupon.id)).toEqual([id])
    })

    it('never shows its word to who did not give it', async () => {
      const { id } = await dropped({ kind: 'code', code: '密语千千' })
      const who = await buyer()
      await say(who, '密语千千')
      const { roomEvents } = here.village.store.schema
      const told = await here.village.store.read
        .select()
        .from(roomEvents)
        .where(eq(roomEvents.roomId, showId))
      const seen = [
        JSON.stringify(told),
        (await here.guest.call(getRoom, { params: { showId } })).text,
        (await who.call(myCoupons)).text,
        (await who.call(claimByCode, { body: { code: '密语千千' } })).text
      ]
      for (const each of seen) expect(each).not.toContain('密语千千')
      const given = (await wang.call(shopCoupons)).json.items.find(({ coupon }) => coupon.id === id)
      expect(given).toMatchObject({ code: '密语千千', claimed: 1 })
      expect((await li.call(shopCoupons)).text).not.toContain('密语千千')
    })

    it('keeps its word to itself until it is over', async () => {
      const { id, endsAt } = await dropped({ kind: 'code', code: '早潮', lifeMs: MINUTE })
      expect((await drop({ kind: 'code', code: '早 潮！' })).json.code).toBe('coupon_code_taken')
      const who = await buyer()
      clock.set(endsAt)
      expect(await say(who, '早潮')).toBe('coupon_over')
      const again = await dropped({ kind: 'code', code: '早潮' })
      expect(again.id).not.toBe(id)
      expect(await say(who, '早潮')).toBe(again.id)
    })

    it('is not found by trying words', async () => {
      await dropped({ kind: 'code', code: '猜不到的' })
      const guesser = await buyer()
      const tries = await Promise.all(Array.from({ length: 14 }, (_, i) => say(guesser, `猜${i}`)))
      expect(tries.filter((code) => code === 'coupon_code_wrong')).toHaveLength(10)
      expect(await say(guesser, '猜不到的')).toBe('coupon_code_tries')
      expect(await say(await buyer(), '猜不到的')).not.toBe('coupon_code_tries')
      clock.pass(10 * MINUTE)
      expect(await say(guesser, '猜不到的')).not.toBe('coupon_code_tries')
    })
  })

  describe('one for who watches', () => {
    const beat = async (who: SignedIn) => (await who.call(watchOn, { params: { showId } })).json.ms
    /** Watches so long, as a phone says it. */
    async function watch(who: SignedIn, ms: number) {
      await beat(who)
      for (let left = ms; left > 0; left -= WATCH_BEAT_MS) {
        clock.pass(Math.min(left, WATCH_BEAT_MS))
        await beat(who)
      }
    }

    it('is claimed from the moment she has watched so long, by the server’s clock', async () => {
      const { id } = await dropped({ kind: 'watch', watchMs: 2 * MINUTE })
      const who = await buyer()
      expect(await claim(who, id)).toEqual(['watch_longer', { missingMs: 2 * MINUTE }])
      await watch(who, 2 * MINUTE - 1)
      expect(await claim(who, id)).toEqual(['watch_longer', { missingMs: 1 }])
      clock.pass(1)
      expect(await claim(who, id)).toEqual(['watch_longer', { missingMs: 1 }])
      expect(await beat(who)).toBe(2 * MINUTE)
      expect(await claim(who, id)).toBe('claimed')
    })

    it('counts no time faster on two phones, and none in which she was away', async () => {
      await dropped({ kind: 'watch', watchMs: 30 * MINUTE })
      const who = await buyer()
      await beat(who)
      clock.pass(WATCH_BEAT_MS)
      await Promise.all([beat(who), beat(who), beat(who)])
      expect(await beat(who)).toBe(WATCH_BEAT_MS)
      clock.pass(3 * WATCH_BEAT_MS)
      expect(await beat(who)).toBe(WATCH_BEAT_MS)
      // One beat lost on the way is not an absence.
      clock.pass(2 * WATCH_BEAT_MS)
      expect(await beat(who)).toBe(3 * WATCH_BEAT_MS)
    })

    it('counts no time without a picture', async () => {
      await dropped({ kind: 'watch', watchMs: 30 * MINUTE })
      const who = await buyer()
      await watch(who, MINUTE)
      await here.village.shows.pictureLost(session)
      clock.pass(WATCH_BEAT_MS)
      expect(await beat(who)).toBe(MINUTE)
      await here.village.shows.pictureBack(session)
      clock.pass(WATCH_BEAT_MS)
      expect(await beat(who)).toBe(MINUTE + WATCH_BEAT_MS)
    })

    it('writes nothing where no coupon asks for it, nor more than it asks for', async () => {
      const { watched } = here.village.store.schema
      const elsewhere = await newShow(here, li)
      const who = await buyer()
      expect((await who.call(watchOn, { params: { showId: elsewhere } })).json.ms).toBe(0)
      const rows = await here.village.store.read.select().from(watched).where(eq(watched.memberId, who.me.id))
      expect(rows).toEqual([])
    })
  })

  describe('one of a shop’s goods', () => {
    it('names them, and they are the shop’s own', async () => {
      const mine = await dropped({ scope: 'products', productIds: [clams] })
      expect(mine).toMatchObject({ scope: 'products', productIds: [clams] })
      const foreign = (await newProduct(li, '海蛎子')).id
      const wrong = await drop({ scope: 'products', productIds: [clams, foreign] })
      expect(wrong.json).toMatchObject({ code: 'bad_input', details: { field: '/productIds' } })
    })
  })

  describe('one of the union', () => {
    it('is dropped by an officer alone, from a pot of the union', async () => {
      const { id: budgetId } = await pot(10_000)
      const { id: hers } = await pot(10_000, wang)
      expect((await drop({ scope: 'union', budgetId })).json.code).toBe('coupon_of_union')
      expect((await drop({ scope: 'union', budgetId: hers }, officer)).json.code).toBe('no_such_budget')
      expect((await drop({ scope: 'union' }, officer)).json.code).toBe('budget_needed')
      expect((await drop({ budgetId }, wang)).json.code).toBe('no_such_budget')
      const card = await dropped({ scope: 'union', budgetId }, officer)
      expect(card).toMatchObject({ shopId: '', shopName: '工会', payer: 'union', hostId: wang.me.id })
      expect(await claim(await buyer(), card.id)).toBe('claimed')
    })

    it('hangs at the counter for everybody, or waits for its word', async () => {
      const { id: budgetId } = await pot(10_000)
      const give = (changes: Partial<CouponDraft>) =>
        officer.call(giveUnionCoupon, { body: { ...draft, scope: 'union', budgetId, ...changes } })
      const open = (await give({})).json.coupon
      const secret = (await give({ kind: 'code', code: '工会好' })).json.coupon
      const shown = (await here.guest.call(counterCoupons)).json.items.map(({ id }) => id)
      expect(shown.slice(0, 2).toSorted()).toEqual([open.id, secret.id].toSorted())
      const who = await buyer()
      expect(await claim(who, open.id)).toBe('claimed')
      expect(await say(who, '工会好')).toBe(secret.id)
      const kinds = { follow: '/kind', watch: '/kind' } as const
      for (const kind of ['follow', 'watch'] as const) {
        expect((await give({ kind, watchMs: MINUTE })).json.details).toEqual({ field: kinds[kind] })
      }
      const given = (await officer.call(unionCoupons)).json.items.find(
        ({ coupon }) => coupon.id === secret.id
      )
      expect(given).toMatchObject({ code: '工会好', claimed: 1, used: 0, usedFen: 0, budgetName: '渔家节' })
    })
  })

  describe('for new buyers', () => {
    it('are not claimed by who has bought', async () => {
      const { id } = await dropped({ newBuyer: true })
      const [fresh, regular] = [await buyer(), await buyer()]
      await here.village.store.tx((tx) =>
        tx.insert(here.village.store.schema.orders).values({
          id: `old-${regular.me.id}`,
          memberId: regular.me.id,
          buyer: '',
          key: 'old',
          shopId: '',
          showId: '',
          state: 'refunded',
          goodsFen: 0,
          discountFen: 0,
          freightFen: 0,
          payFen: 0,
          couponId: '',
          couponNth: 0,
          deliverTo: { receiver: '', phone: '', region: '', detail: '' },
          test: true,
          paymentId: '',
          createdAt: 1,
          heldUntil: 1,
          paidAt: 1
        })
      )
      expect(await claim(regular, id)).toEqual(['new_buyers_only', undefined])
      expect(await claim(fresh, id)).toBe('claimed')
    })
  })

  describe('a pot', () => {
    it('is not dropped from when it could not pay for one, nor claimed from when it is empty', async () => {
      const { id: budgetId } = await pot(499)
      const least = await drop({ scope: 'union', budgetId, thresholdFen: 3000 }, officer)
      expect(least.json.code).toBe('coupon_budget_gone')
      const { id } = await dropped({ budgetFen: 500 })
      const { budgets } = here.village.store.schema
      const [who, late] = [await buyer(), await buyer()]
      expect(await claim(who, id)).toBe('claimed')
      await here.village.store.tx((tx) =>
        tx.update(budgets).set({ leftFen: 0 }).where(eq(budgets.totalFen, 500))
      )
      expect(await claim(late, id)).toEqual(['coupon_budget_gone', undefined])
      const [mine] = (await who.call(myCoupons)).json.items
      expect(mine).toMatchObject({ state: 'usable', reason: 'coupon_budget_gone' })
    })

    it('is made larger and smaller by who saw how large it is, and never below what was used', async () => {
      const { id: budgetId } = await pot(10_000)
      const { budgets, audit } = here.village.store.schema
      await here.village.store.tx((tx) =>
        tx.update(budgets).set({ leftFen: 4_000 }).where(eq(budgets.id, budgetId))
      )
      const change = (fromFen: number, totalFen: number) =>
        officer.call(changeUnionBudget, { params: { budgetId }, body: { fromFen, totalFen } })
      expect((await change(10_000, 5_999)).json).toMatchObject({
        code: 'budget_too_small',
        details: { usedFen: 6_000 }
      })
      const both = await Promise.all([change(10_000, 6_000), change(10_000, 20_000)])
      expect(both.map(({ status }) => status)).toEqual(expect.arrayContaining([200, 409]))
      const refused = both.find(({ status }) => status === 409)!.json
      expect(refused.code).toBe('budget_changed')
      const [now] = (await officer.call(unionBudgets)).json.items.filter(({ id }) => id === budgetId)
      expect(now!.totalFen - now!.leftFen).toBe(6_000)
      const lines = await here.village.store.read.select().from(audit).where(eq(audit.subject, budgetId))
      expect(lines.map(({ action }) => action).toSorted()).toEqual(['budget_added', 'budget_changed'])
    })

    it('is seen by who may give from it', async () => {
      const { id: unions } = await pot(10_000)
      const { id: hers } = await pot(10_000, wang)
      const { id: foreign } = await pot(10_000, li)
      const seen = async (who: SignedIn) =>
        (await who.call(budgetsOfShow, { params: { showId } })).json.items.map(({ id }) => id)
      expect(await seen(wang)).toContain(hers)
      expect(await seen(wang)).not.toContain(unions)
      expect(await seen(officer)).toEqual(expect.arrayContaining([hers, unions]))
      for (const who of [wang, officer]) expect(await seen(who)).not.toContain(foreign)
      expect((await li.call(budgetsOfShow, { params: { showId } })).json.code).toBe('show_not_yours')
    })
  })

  describe('while the picture is away', () => {
    it('what was running stands still, and ends as much later', async () => {
      const { id, endsAt } = await dropped({ lifeMs: 10 * MINUTE })
      const { id: later, startsAt } = await dropped({ startsInMs: 5 * MINUTE })
      const unit = here.village.store.tx
      clock.pass(MINUTE)
      expect(await unit((tx) => here.village.coupons.stopIn(tx, showId))).toBe(true)
      expect(await unit((tx) => here.village.coupons.stopIn(tx, showId))).toBe(false)
      const [early, late, last] = [await buyer(), await buyer(), await buyer()]
      clock.pass(20 * MINUTE)
      expect(await claim(early, id)).toBe('claimed')
      expect(await claim(early, later)).toEqual(['coupon_early', { startsAt }])
      expect((await early.call(myCoupons)).json.items[0]).toMatchObject({ state: 'usable' })
      const ends = await unit((tx) => here.village.coupons.resumeIn(tx, showId))
      expect(ends.find((each) => each.id === id)).toMatchObject({ endsAt: endsAt + 20 * MINUTE })
      expect(ends.find((each) => each.id === later)).toMatchObject({ startsAt: startsAt + 20 * MINUTE })
      clock.set(endsAt + 20 * MINUTE - 1)
      expect(await claim(late, id)).toBe('claimed')
      clock.pass(1)
      expect(await claim(last, id)).toEqual(['coupon_over', undefined])
      expect(await claim(last, later)).toBe('claimed')
    })
  })

  it('is not dropped into a show that ends in the same moment: its clock would stand still for ever', async () => {
    const ended = await newShow(here, wang)
    const { store } = here.village
    const { shows } = store.schema
    const be = (state: 'away' | 'ended') =>
      tx((each) => each.update(shows).set({ state }).where(eq(shows.id, ended)).returning())
    const { tx } = store
    await be('away')
    let first = true
    store.tx = async (unit, hint) => {
      if (first) await be('ended')
      first = false
      return tx(unit, hint)
    }
    const { json } = await wang
      .call(dropCoupon, { params: { showId: ended }, body: draft })
      .finally(() => (store.tx = tx))
    expect(json.code).toBe('show_over')
    expect(await store.read.$count(store.schema.coupons, eq(store.schema.coupons.showId, ended))).toBe(0)
  })
})
