import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { changeProduct } from '../../shared/contracts/catalogue.ts'
import { bookClass } from '../../shared/contracts/classes.ts'
import { myLicence, showPermit, type RefusedGoods } from '../../shared/contracts/licences.ts'
import { changeShow, endShow, getRoom, goLive, scheduleShow, setShelf } from '../../shared/contracts/live.ts'
import { goOnAir, newProduct, newShop, newShow } from '../live/testing.ts'
import { settableClock } from '../testing/clock.ts'
import { engines } from '../testing/engines.ts'
import { FRESH, license } from '../testing/licensed.ts'
import { addClass, addCourse, AFTERNOON } from '../testing/schoolhouse.ts'
import { testVillage, type SignedIn, type TestVillage } from '../testing/village.ts'

type Goods = Awaited<ReturnType<typeof newProduct>>

describe.each(engines)('持证开播 on $name', (engine) => {
  const clock = settableClock()
  let v: TestVillage
  let host: SignedIn
  let learner: SignedIn
  let operator: SignedIn
  let trainer: SignedIn
  let buyer: SignedIn
  let clams: Goods
  let fishBalls: Goods
  let dining: string

  beforeAll(async () => {
    v = await testVillage({ engine, clock })
    trainer = await v.signIn('老陈', 'trainer')
    await addCourse(trainer, { title: '直播带货', topic: 'live_selling' })
    dining = await addCourse(trainer, { title: '海鲜+餐饮', topic: 'dining' })
    for (const days of [3, 1, 2, 4]) {
      const at = AFTERNOON + days * 86_400_000
      await addClass(trainer, dining, { title: `第${days}天`, startsAt: at, endsAt: at + 7_200_000 })
    }
    host = await v.learner('桂兰')
    await license(v.village, host.me.id, '桂兰', FRESH)
    learner = await v.learner('秀梅')
    operator = await v.signIn('小林', 'operator')
    buyer = await v.signIn('小李')
    await newShop(host)
    clams = await newProduct(host, '红岛蛤蜊')
    fishBalls = await newProduct(host, '手打鱼丸', 4200, 'processed')
  })
  afterAll(() => v.close())

  const shelf = (who: SignedIn, showId: string, ...goods: Goods[]) =>
    who.call(setShelf, { params: { showId }, body: { productIds: goods.map(({ id }) => id) } })
  const titles = async (showId: string) =>
    (await v.guest.call(getRoom, { params: { showId } })).json.shelf.map(({ title }) => title)
  const draft = (productIds: string[]) => {
    return { title: '赶海', cover: '', startsAt: clock.now() + 60_000, productIds }
  }

  it('refuses fish balls on the shelf of who may sell fresh catch: the item, with the class to book', async () => {
    const showId = await newShow(v, host, [clams.id])
    const refused = await shelf(host, showId, clams, fishBalls)
    expect([refused.status, refused.json.code]).toEqual([403, 'goods_not_licensed'])
    const [item, ...others] = (refused.json.details as { refused: RefusedGoods[] }).refused
    expect(others).toEqual([])
    expect(item).toMatchObject({ productId: fishBalls.id, title: '手打鱼丸' })
    expect(item!.missing).toMatchObject([
      { what: 'certificate', why: 'none', topic: 'dining', courseId: dining, courseTitle: '海鲜+餐饮' },
      { what: 'document', why: 'none', document: 'food_licence', classes: [] }
    ])
    // The three that come next, of four.
    expect(item!.missing[0]!.classes.map(({ title }) => title)).toEqual(['第1天', '第2天', '第3天'])
    expect(item!.missing[0]!.classes[0]).toMatchObject({ place: '村委会二楼', left: 2 })
    expect(await titles(showId)).toEqual(['红岛蛤蜊'])
    expect((await host.call(goLive, { params: { showId } })).json).toMatchObject({ takenOff: [] })
    await v.village.shows.takeOffAir(host.me.id)
  })

  it('refuses the same when the show is planned or changed, and when an operator sets her shelf', async () => {
    const planned = await host.call(scheduleShow, { body: draft([clams.id, fishBalls.id]) })
    expect(planned.json.code).toBe('goods_not_licensed')
    const showId = await newShow(v, host, [clams.id])
    const body = draft([fishBalls.id])
    expect((await host.call(changeShow, { params: { showId }, body })).json.code).toBe('goods_not_licensed')
    expect((await shelf(operator, showId, fishBalls)).json.code).toBe('goods_not_licensed')
    expect(await titles(showId)).toEqual(['红岛蛤蜊'])
  })

  it('refuses what is somebody else’s without her word for it', async () => {
    const other = await v.learner('海燕')
    await license(v.village, other.me.id, '海燕', FRESH)
    const showId = await newShow(v, other)
    const refused = await shelf(other, showId, clams)
    expect((refused.json.details as { refused: RefusedGoods[] }).refused[0]!.missing).toMatchObject([
      { what: 'document', document: 'authorisation', why: 'none' }
    ])
    const trusted = await v.signIn('玉珍', 'host')
    expect((await shelf(trusted, await newShow(v, trusted), clams)).status).toBe(200)
  })

  it('lets a learner plan a show, and says what is missing when she wants to begin', async () => {
    const showId = await newShow(v, learner)
    const refused = await learner.call(goLive, { params: { showId } })
    expect([refused.status, refused.json.code]).toEqual([403, 'not_licensed'])
    expect((refused.json.details as RefusedGoods).missing).toMatchObject([
      { what: 'identity', why: 'none', courseId: '', classes: [] },
      { what: 'certificate', topic: 'live_selling', courseTitle: '直播带货', classes: [] },
      { what: 'certificate', topic: 'food_safety', courseId: '', courseTitle: '' },
      { what: 'document', document: 'health' }
    ])
    expect((await v.guest.call(getRoom, { params: { showId } })).json.show.state).toBe('coming')
  })

  it('offers the course that has a seat, where two teach the same', async () => {
    const tomorrow = AFTERNOON + 86_400_000
    const [full, roomy] = [
      await addCourse(trainer, { title: '赶海一', topic: 'tourism' }),
      await addCourse(trainer, { title: '赶海二', topic: 'tourism' })
    ]
    const evening = { startsAt: tomorrow + 3 * 3_600_000, endsAt: tomorrow + 4 * 3_600_000, seats: 1 }
    const { id } = await addClass(trainer, full, { title: '满的', ...evening })
    const offered = async () => {
      const { goods } = (await learner.call(myLicence)).json
      return goods.find(({ goodsClass }) => goodsClass === 'tourism')!.missing[0]!
    }
    await buyer.call(bookClass, { params: { classId: id } })
    expect(await offered()).toMatchObject({ courseId: full, classes: [{ title: '满的', left: 0 }] })
    const later = { startsAt: evening.startsAt + 7_200_000, endsAt: evening.endsAt + 7_200_000 }
    await addClass(trainer, roomy, { title: '空的', ...later })
    expect(await offered()).toMatchObject({ courseId: roomy, classes: [{ title: '空的', left: 2 }] })
  })

  it('lets her rehearse whatever she likes', async () => {
    const me = { id: learner.me.id, name: '秀梅', roles: learner.me.roles }
    const { id: showId } = await v.village.shows.rehearse(me, {
      courseId: dining,
      title: '彩排',
      productIds: [fishBalls.id]
    })
    const { status, json } = await learner.call(goLive, { params: { showId } })
    expect([status, json.takenOff]).toEqual([200, []])
  })

  it('takes what may not be sold any more off the shelf when the show begins, and names it', async () => {
    const oysters = await newProduct(host, '海蛎子')
    const showId = await newShow(v, host, [oysters.id, clams.id])
    const { id, version, shop: _, ...words } = oysters
    const product = { ...words, goodsClass: 'packed' as const }
    await host.call(changeProduct, { params: { productId: id }, body: { version, product } })
    const permit = (await host.call(showPermit, { params: { showId } })).json
    expect(permit).toMatchObject({ mayGoLive: true, supervised: false, show: [], saleStopped: '' })
    expect(permit.goods.map(({ title }) => title)).toEqual(['海蛎子'])
    const { status, json } = await host.call(goLive, { params: { showId } })
    expect(status).toBe(200)
    expect(json.takenOff).toMatchObject([{ productId: id, missing: [{ document: 'food_filing' }] }])
    const view = (await v.guest.call(getRoom, { params: { showId } })).json
    expect(view.shelf.map(({ number, title }) => [number, title])).toEqual([[2, '红岛蛤蜊']])

    const alone = await newShow(v, host, [clams.id])
    await shelf(host, alone, clams)
    await changed(clams, 'packed')
    const nothing = await host.call(goLive, { params: { showId: alone } })
    expect([nothing.status, nothing.json.code]).toEqual([403, 'goods_not_licensed'])
    expect(await titles(alone)).toEqual(['红岛蛤蜊'])
    await changed(clams, 'fresh')
    await v.village.shows.takeOffAir(host.me.id)
  })

  async function changed(goods: Goods, goodsClass: Goods['goodsClass']) {
    const now = (await v.village.products.productsByIds([goods.id])).get(goods.id)!
    const { id, version, shop: _, ...words } = now
    const body = { version, product: { ...words, goodsClass } }
    const { status } = await host.call(changeProduct, { params: { productId: id }, body })
    expect(status).toBe(200)
  }

  it('looks at a show when it begins, not when a lost picture is taken up again', async () => {
    const showId = await newShow(v, host)
    const sessionId = await goOnAir(v, host, showId)
    const { documents } = v.village.store.schema
    const before = await v.village.store.read.select().from(documents)
    const endAll = (dueAt: number) =>
      v.village.store.tx((tx) => tx.update(documents).set({ dueAt }).returning())
    await endAll(clock.now())
    expect((await host.call(goLive, { params: { showId } })).json.sessionId).toBe(sessionId)
    await host.call(endShow, { params: { showId } })
    const next = await newShow(v, host)
    expect((await host.call(goLive, { params: { showId: next } })).json.code).toBe('not_licensed')
    await endAll(before[0]!.dueAt)
  })

  it('says to her what she may sell, and to nobody else', async () => {
    const { json } = await host.call(myLicence)
    expect(json.show).toEqual([])
    expect(json.goods.map(({ goodsClass, missing }) => [goodsClass, missing.length])).toEqual([
      ['fresh', 0],
      ['processed', 2],
      ['packed', 1],
      ['dining', 2],
      ['tourism', 1]
    ])
    expect(json.documents).toMatchObject([{ kind: 'health', state: 'good' }])
    expect(json).not.toHaveProperty('mentor')
    const showId = await newShow(v, host)
    const seen = async (who: SignedIn) => (await who.call(showPermit, { params: { showId } })).json.code
    expect([await seen(host), await seen(operator), await seen(trainer)]).toEqual([
      undefined,
      undefined,
      undefined
    ])
    expect([await seen(buyer), await seen(learner)]).toEqual(['show_not_yours', 'show_not_yours'])
  })
})
