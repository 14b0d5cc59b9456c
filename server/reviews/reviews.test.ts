import { desc, eq } from 'drizzle-orm'
import sharp from 'sharp'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { payBack } from '../../shared/contracts/aftersale.ts'
import { getFile } from '../../shared/contracts/files.ts'
import { myNotices } from '../../shared/contracts/notices.ts'
import {
  askToHide,
  deskReviews,
  hideReview,
  keepReview,
  orderReviews,
  replyToReview,
  REVIEW_DAYS,
  REVIEWS_PAGE,
  shopReviews,
  showReview,
  writeReview
} from '../../shared/contracts/reviews.ts'
import { orderVouchers, refundVoucher } from '../../shared/contracts/vouchers.ts'
import { DAY_MS } from '../../shared/day.ts'
import { engines } from '../testing/engines.ts'
import { CLAM_FEN, market, type Market } from '../testing/market.ts'
import { people, type SignedIn } from '../testing/village.ts'
import { OPEN_ASKS } from './answers.ts'
import { REVIEWS_A_DAY } from './reviews.ts'
import type { ReviewRow } from './store.ts'
import { reviewing } from './testing.ts'

const fromPhone = await sharp({ create: { width: 900, height: 600, channels: 3, background: '#a53' } })
  .withExif({ IFD0: { Make: 'Phone' }, IFD3: { GPSLatitude: '36/1 13/1 0/1', GPSLatitudeRef: 'N' } })
  .jpeg()
  .toBuffer()

let copies = 0

describe.each(engines)('reviews on $name', (engine) => {
  let m: Market
  let r: ReturnType<typeof reviewing>
  let officer: SignedIn
  let stranger: SignedIn
  let host2: SignedIn
  let goods: Market['clams']
  /** Each suite of sentences has goods of its own. */
  const fresh = async (title: string) => (goods = await m.goods(m.host, { title, stock: 200 }))
  const came = (more = {}, who = m.buyer) => r.came(goods, who, more)
  const write = (orderId: string, more: Parameters<typeof r.write>[1] = {}, who = m.buyer) =>
    r.write(orderId, { specId: goods.specId, ...more }, who)
  const written = async (more: Parameters<typeof r.write>[1] = {}) => {
    const orderId = await came()
    const { review } = (await write(orderId, more)).json
    return { ...review, orderId }
  }
  /** The last review of these goods so many times more, as if somebody had written them all. */
  const copied = async (n: number, more: Partial<ReviewRow>) => {
    const { store } = m.village
    const { reviews } = store.schema
    const [one] = await store.read
      .select()
      .from(reviews)
      .where(eq(reviews.productId, goods.productId))
      .orderBy(desc(reviews.id))
      .limit(1)
    const rows = Array.from({ length: n }, (_, i) => {
      const id = `copy-${++copies}-${i}`
      return { ...one!, id, orderId: id, ...more }
    })
    await store.tx((tx) => tx.insert(reviews).values(rows))
    return rows.map(({ id }) => id)
  }
  /** Somebody was told this, by whatever else she was told in the same moment. */
  const heard = async (who: SignedIn, notice: { kind: string; about: object; href?: string }) =>
    expect((await who.call(myNotices)).json.items).toContainEqual(
      expect.objectContaining({ ...notice, about: expect.objectContaining(notice.about) })
    )
  const code = ({ status, json }: { status: number; json: { code?: string } }) =>
    status === 200 ? 200 : json.code

  beforeAll(async () => {
    m = await market(engine)
    r = reviewing(m)
    officer = await m.signIn('王主任', 'officer')
    stranger = await m.signIn('赵四')
    host2 = await m.signIn('刘桂兰', 'host')
    await m.shopOf(host2, '桂兰海蛎子')
  })
  afterAll(() => m.close())

  describe('are written', () => {
    beforeAll(() => fresh('红岛蛤蜊'))

    it('by her who bought it once she has it, and by nobody else', async () => {
      const { id: orderId } = await r.paid({ lines: [{ specId: goods.specId, qty: 1 }] })
      expect((await write(orderId)).json).toMatchObject({
        code: 'not_reviewable',
        details: { why: 'not_yet' }
      })
      await r.moved(orderId, 'packed', 'shipped')
      expect(code(await write(orderId))).toBe('not_reviewable')
      await r.moved(orderId, 'received')
      for (const other of [stranger, m.host, officer]) {
        expect(code(await write(orderId, {}, other))).toBe('no_such_order')
        const { json } = await other.call(orderReviews, { params: { orderId } })
        expect(json.code).toBe('no_such_order')
      }
      const guest = people(m.village).guest
      expect(code(await guest.call(writeReview, { params: { orderId } }))).toBe('sign_in_first')
      const { status, json } = await write(orderId, { stars: 4, words: '  又鲜又甜，沙吐得干净 ' })
      expect(status).toBe(200)
      expect(json.review).toMatchObject({
        buyer: '李**',
        specName: '三斤装',
        stars: 4,
        words: '又鲜又甜，沙吐得干净',
        photos: [],
        reply: '',
        test: true,
        createdAt: m.clock.now()
      })
      await heard(m.host, {
        kind: 'reviewed',
        about: { title: '红岛蛤蜊', stars: '4' },
        href: '/studio/reviews'
      })
    })

    it('not of what she gave back unused, though the rest of the order came', async () => {
      const meal = await m.goods(m.host, {
        title: '渔家宴',
        stock: 5,
        priceFen: 1000,
        kind: 'voucher',
        perishable: false
      })
      const { id: orderId } = await r.paid({
        lines: [
          { specId: goods.specId, qty: 1 },
          { specId: meal.specId, qty: 1 }
        ],
        payFen: CLAM_FEN + 1000
      })
      await r.moved(orderId, 'packed', 'shipped', 'received')
      const asHad = async () =>
        Object.fromEntries((await r.lines(orderId)).map((line) => [line.specId, line.notReviewed]))
      expect(await asHad()).toEqual({ [goods.specId]: '', [meal.specId]: 'not_yet' })
      expect(code(await write(orderId, { specId: meal.specId, stars: 1 }))).toBe('not_reviewable')
      const { items } = (await m.buyer.call(orderVouchers, { params: { orderId }, query: {} })).json
      const given = await m.buyer.call(refundVoucher, { params: { voucherId: items[0]!.id } })
      expect(given.json.voucher.state).toBe('refunded')
      await r.moved(orderId, 'done')
      expect(await asHad()).toEqual({ [goods.specId]: '', [meal.specId]: 'not_yet' })
      expect(code(await write(orderId, { specId: meal.specId, stars: 1 }))).toBe('not_reviewable')
    })

    it('not of goods that were paid back before the rest of the box left', async () => {
      const crabs = await m.goods(m.host, { title: '梭子蟹', stock: 5 })
      const lines = [goods, crabs].map(({ specId }) => ({ specId, qty: 1 }))
      const { id: orderId } = await r.paid({ lines, payFen: 2 * CLAM_FEN })
      const back = { lines: [{ specId: crabs.specId, qty: 1 }], freightFen: 0, words: '没货了' }
      const body = { ...back, key: 'no-crabs-today', cause: 'asked' as const }
      const operator = await m.signIn('小周', 'operator')
      expect((await operator.call(payBack, { params: { orderId }, body })).status).toBe(200)
      m.clock.pass(1)
      await r.moved(orderId, 'packed', 'shipped', 'received')
      expect((await write(orderId, { specId: crabs.specId })).json.details).toEqual({ why: 'not_yet' })
      expect(code(await write(orderId))).toBe(200)
    })

    it('once for each line; the same one that was sent twice is one', async () => {
      const orderId = await came()
      const first = await write(orderId, { words: '好' })
      const again = await write(orderId, { words: '好 ' })
      expect(again.json.review.id).toBe(first.json.review.id)
      expect(code(await write(orderId, { words: '不好' }))).toBe('reviewed')
      expect(code(await write(orderId, { words: '好', stars: 1 }))).toBe('reviewed')
      expect((await r.lines(orderId))[0]!.review).toMatchObject({ words: '好', stars: 5 })
    })

    it('until a season is over, also where the money went back', async () => {
      const [last, over, back] = [await came(), await came(), await came()]
      const season = REVIEW_DAYS * DAY_MS
      await r.change(last, { receivedAt: m.clock.now() - season + 1 })
      await r.change(over, { receivedAt: m.clock.now() - season })
      expect((await r.lines(last))[0]).toMatchObject({ notReviewed: '', until: m.clock.now() + 1 })
      expect((await r.lines(over))[0]).toMatchObject({ notReviewed: 'too_late' })
      expect(code(await write(last))).toBe(200)
      expect((await write(over)).json.details).toEqual({ why: 'too_late' })
      await m.village.rooms.act((tx, tell) =>
        m.village.orders.moveIn(tx, tell, back, 'refunded', { actorId: '', note: '' })
      )
      expect(code(await write(back, { stars: 1 }))).toBe(200)
    })

    it('never by a host about her own shop', async () => {
      const orderId = await came({}, m.host)
      expect((await write(orderId, {}, m.host)).json.details).toEqual({ why: 'own_shop' })
      expect((await r.lines(orderId, m.host))[0]!.notReviewed).toBe('own_shop')
    })

    it('within bounds', async () => {
      const orderId = await came()
      const files = Array.from({ length: 7 }, (_, i) => `file-${i}`)
      for (const bad of [
        { stars: 0 },
        { stars: 6 },
        { stars: 4.5 },
        { words: '鲜'.repeat(501) },
        { fileIds: files },
        { fileIds: ['file-1', 'file-1'] },
        { specId: 'somebody-elses' }
      ]) {
        expect([bad, code(await write(orderId, bad))]).toEqual([bad, 'bad_input'])
      }
      expect(code(await write(orderId, { fileIds: ['file-1'] }))).toBe('no_such_file')
      expect((await r.lines(orderId))[0]!.review).toBeUndefined()
    })

    it('so many a day and no more', async () => {
      const busy = await m.signIn('钱多')
      const [first, second] = [await came({}, busy), await came({}, busy)]
      const yesterday = m.clock.now() - DAY_MS
      await copied(REVIEWS_A_DAY - 1, { memberId: busy.me.id, createdAt: yesterday })
      await copied(5, { memberId: busy.me.id, createdAt: yesterday - 1 })
      expect(code(await write(first, {}, busy))).toBe(200)
      expect(code(await write(second, {}, busy))).toBe('reviews_full')
      m.clock.pass(1)
      expect(code(await write(second, {}, busy))).toBe(200)
    })
  })

  describe('stand on the page of the goods', () => {
    beforeAll(() => fresh('带壳海蛎子'))

    it('as none before the first', async () => {
      const nothing = { count: 0, averageTenths: 0, counts: [0, 0, 0, 0, 0] }
      expect((await r.page(goods)).json).toEqual({ real: nothing, test: nothing, items: [] })
    })

    it('with exact stars, those of demo money apart, page by page', async () => {
      const ids: string[] = []
      for (const stars of [5, 5, 4, 3, 5, 5, 5, 4, 5, 1]) {
        m.clock.pass(1_000)
        const orderId = await came({ real: true })
        ids.unshift((await write(orderId, { stars })).json.review.id)
      }
      for (const stars of [1, 2]) ids.unshift((await write(await came(), { stars })).json.review.id)
      const first = (await r.page(goods)).json
      expect(first.real).toEqual({ count: 10, averageTenths: 42, counts: [1, 0, 1, 2, 6] })
      expect(first.test).toEqual({ count: 2, averageTenths: 15, counts: [1, 1, 0, 0, 0] })
      expect(first.items).toHaveLength(REVIEWS_PAGE)
      expect(first.items.filter(({ test }) => test)).toHaveLength(2)
      const second = (await r.page(goods, first.items.at(-1)!.id)).json
      const shown = [...first.items, ...second.items].map(({ id }) => id)
      expect(shown.toSorted()).toEqual(ids.toSorted())
      expect((await r.page(goods, 'no-such-review')).json.code).toBe('no_such_review')
      expect((await r.page(m.clams, first.items[0]!.id)).json.code).toBe('no_such_review')
    })

    it('without who she is or how to call her', async () => {
      const { id } = await written({ words: '我电话 13912345678，加我' })
      const { text, json } = await r.page(goods)
      expect(json.items.find((each) => each.id === id)).toMatchObject({
        buyer: '李**',
        words: '我电话 139****5678，加我'
      })
      for (const secret of [m.buyer.me.id, m.buyer.phone, m.buyer.me.name, '13912345678']) {
        expect(text).not.toContain(secret)
      }
    })

    it('with pictures that tell no place, made from files that stay hers', async () => {
      const fileIds = [await r.photo(fromPhone), await r.photo(fromPhone)]
      const foreign = await r.photo(fromPhone, stranger)
      const orderId = await came()
      expect(code(await write(orderId, { fileIds: [fileIds[0]!, foreign] }))).toBe('no_such_file')
      const { review } = (await write(orderId, { fileIds })).json
      expect(review.photos).toHaveLength(2)
      for (const url of review.photos) {
        const { statusCode, rawPayload } = await m.village.http.inject({ url })
        expect(statusCode).toBe(200)
        const photo = await sharp(rawPayload).metadata()
        expect([photo.format, photo.width, photo.exif]).toEqual(['webp', 900, undefined])
        const thumb = await m.village.http.inject({ url: url.replace('.webp', '-thumb.webp') })
        expect((await sharp(thumb.rawPayload).metadata()).width).toBe(480)
      }
      const seen = async (who: SignedIn) =>
        (await who.call(getFile, { params: { fileId: fileIds[0]! } })).status
      expect(await Promise.all([m.buyer, officer, m.host, stranger].map(seen))).toEqual([200, 200, 403, 403])
    })

    it('and a review that is refused leaves no picture behind', async () => {
      const fileIds = [await r.photo(fromPhone)]
      const orderId = await came()
      const before = await m.village.objects.list('photos')
      const outcomes = await Promise.all([
        write(orderId, { fileIds, stars: 5 }),
        write(orderId, { fileIds, stars: 4 })
      ])
      expect(new Set(outcomes.map(code))).toEqual(new Set([200, 'reviewed']))
      expect((await m.village.objects.list('photos')).length - before.length).toBe(2)
    })

    it('keep their pictures when the word that they are written gets lost', async () => {
      const fileIds = [await r.photo(fromPhone)]
      const orderId = await came()
      const { store } = m.village
      const { tx } = store
      store.tx = async (unit, hint) => {
        const done = await tx(unit, hint)
        if (typeof done === 'object' && done && 'stars' in done) throw new Error('the connection was cut')
        return done
      }
      const { status } = await write(orderId, { fileIds }).finally(() => (store.tx = tx))
      expect(status).toBe(500)
      const { review } = (await write(orderId, { fileIds })).json
      const shown = await m.village.http.inject({ url: new URL(review.photos[0]!, 'http://here').pathname })
      expect(shown.statusCode).toBe(200)
    })
  })

  describe('are answered', () => {
    beforeAll(() => fresh('海蜇'))

    it('once, by her whose goods they are', async () => {
      const { id: reviewId, orderId } = await written({ words: '有点咸' })
      const reply = (who: SignedIn, words: string) =>
        who.call(replyToReview, { params: { reviewId }, body: { words } })
      expect(
        await Promise.all([reply(stranger, '谢'), reply(officer, '谢')].map(async (p) => code(await p)))
      ).toEqual(['role_missing', 'role_missing'])
      expect(code(await reply(host2, '谢'))).toBe('no_such_review')
      expect(code(await reply(m.host, ' \n'))).toBe('bad_input')
      const waits = async (list: 'waiting' | 'all') =>
        (await m.host.call(shopReviews, { query: { list } })).json.items.map(({ review }) => review.id)
      expect(await waits('waiting')).toContain(reviewId)
      const { json } = await reply(m.host, '下回给您多泡一遍，打 13912345678')
      expect(json.item.review).toMatchObject({
        reply: '下回给您多泡一遍，打 139****5678',
        repliedAt: m.clock.now()
      })
      expect(code(await reply(m.host, '改一下'))).toBe('review_replied')
      expect(await waits('waiting')).not.toContain(reviewId)
      expect(await waits('all')).toContain(reviewId)
      await heard(m.buyer, {
        kind: 'review_replied',
        about: { title: '海蜇' },
        href: `/me/orders/${orderId}`
      })
      expect((await r.page(goods)).json.items[0]!.reply).toContain('多泡一遍')
    })

    it('in a list that is hers alone and tells her no buyer', async () => {
      const { text } = await m.host.call(shopReviews, { query: { list: 'all' } })
      expect(text).not.toContain(m.buyer.me.id)
      expect(text).not.toContain(m.buyer.phone)
      expect((await host2.call(shopReviews, { query: { list: 'all' } })).json.items).toEqual([])
      expect(code(await stranger.call(shopReviews, { query: { list: 'all' } }))).toBe('role_missing')
    })
  })

  describe('are hidden', () => {
    beforeAll(() => fresh('虾酱'))
    const hide = (who: SignedIn, reviewId: string, words = '写了店主家住哪里') =>
      who.call(hideReview, { params: { reviewId }, body: { reason: 'private', words } })
    const show = (who: SignedIn, reviewId: string) =>
      who.call(showReview, { params: { reviewId }, body: { words: '看错了' } })

    it('by an officer only, with a reason that everybody reads in their place', async () => {
      const fileIds = [await r.photo(fromPhone)]
      const { id, orderId, photos } = await written({ words: '她住三号院', stars: 1, fileIds })
      for (const other of [m.buyer, m.host]) expect(code(await hide(other, id))).toBe('role_missing')
      const operator = await m.signIn('小周', 'operator')
      expect(code(await hide(operator, id))).toBe('role_missing')
      expect(code(await hide(officer, id, ' \n '))).toBe('bad_input')
      const before = (await r.page(goods)).json.test
      const { json } = await hide(officer, id)
      expect(json.item).toMatchObject({ hiddenByName: '王主任', fileIds, own: false })
      expect(json.item.review.words).toBe('她住三号院')

      const page = await r.page(goods)
      expect(page.json.items.find((each) => each.id === id)).toMatchObject({
        stars: 1,
        words: '',
        photos: [],
        hidden: { reason: 'private', words: '写了店主家住哪里', at: m.clock.now() }
      })
      expect(page.text).not.toContain('三号院')
      expect(page.text).not.toContain('王主任')
      // Nobody's average rises by hiding.
      expect(page.json.test).toEqual(before)
      await m.village.jobs.runDue()
      const pictures = async () => (await m.village.http.inject({ url: photos[0]! })).statusCode
      expect(await pictures()).toBe(404)
      const mine = (await r.lines(orderId))[0]!.review!
      expect([mine.words, mine.hidden?.reason]).toEqual(['她住三号院', 'private'])
      await heard(m.buyer, {
        kind: 'review_hidden',
        about: { reason: 'private' }
      })
      const inShop = (await m.host.call(shopReviews, { query: { list: 'all' } })).json.items
      expect(inShop.find(({ review }) => review.id === id)!.review.words).toBe('')

      expect(code(await hide(officer, id))).toBe('case_changed')
      expect((await show(officer, id)).json.item.review.hidden).toBeUndefined()
      await m.village.jobs.runDue()
      expect(await pictures()).toBe(200)
      expect((await r.page(goods)).json.items.find((each) => each.id === id)!.words).toBe('她住三号院')
      expect(code(await show(officer, id))).toBe('case_changed')
      const lines = await m.village.members.auditOf([id], ['review_hidden', 'review_shown'], 10)
      expect(new Set(lines.map(({ action, actorId }) => `${action} ${actorId}`))).toEqual(
        new Set([`review_shown ${officer.me.id}`, `review_hidden ${officer.me.id}`])
      )
    })

    it('never by who wrote it or sells it', async () => {
      const hostOfficer = await m.signIn('孙玉', 'host', 'officer')
      await m.shopOf(hostOfficer, '孙家海货')
      const hers = await m.goods(hostOfficer, { title: '对虾', stock: 9 })
      const { review } = (await r.write(await r.came(hers), { specId: hers.specId, stars: 1 })).json
      expect(code(await hide(hostOfficer, review.id))).toBe('case_own')
      const query = { list: 'all' as const, productId: hers.productId }
      const { items } = (await hostOfficer.call(deskReviews, { query })).json
      expect(items.map(({ own }) => own)).toEqual([true])
      const own = (await write(await came({}, officer), {}, officer)).json.review
      expect(code(await hide(officer, own.id))).toBe('case_own')
      expect(code(await hide(officer, 'no-such-review'))).toBe('no_such_review')
    })

    it('after its host has asked once, or stay with the union’s words to her', async () => {
      const [first, second] = [await written({ words: '骗人' }), await written({ words: '难吃' })]
      const ask = (who: SignedIn, reviewId: string) =>
        who.call(askToHide, { params: { reviewId }, body: { reason: 'abuse', words: '请看看' } })
      expect(code(await ask(host2, first.id))).toBe('no_such_review')
      expect((await ask(m.host, first.id)).json.item.ask).toMatchObject({ state: 'open', reason: 'abuse' })
      m.clock.pass(1_000)
      await ask(m.host, second.id)
      expect(code(await ask(m.host, first.id))).toBe('review_asked')
      const asked = async () => (await officer.call(deskReviews, { query: { list: 'asked' } })).json.items
      expect((await asked()).map(({ review }) => review.id)).toEqual([first.id, second.id])
      const keep = (reviewId: string) =>
        officer.call(keepReview, { params: { reviewId }, body: { words: '她说的是货，请回复她' } })
      expect((await keep(second.id)).json.item.ask).toMatchObject({
        state: 'answered',
        answer: '她说的是货，请回复她'
      })
      expect(code(await keep(second.id))).toBe('case_closed')
      await heard(m.host, {
        kind: 'review_judged',
        about: { decision: 'kept' }
      })
      await hide(officer, first.id, '骂人的话')
      await heard(m.host, {
        kind: 'review_judged',
        about: { decision: 'hidden', words: '骂人的话' }
      })
      expect(await asked()).toEqual([])
      expect(code(await ask(m.host, first.id))).toBe('review_hidden')
      const hidden = (await officer.call(deskReviews, { query: { list: 'hidden' } })).json.items
      expect(hidden.map(({ review }) => review.id)).toEqual([first.id])
      const query = { list: 'all' as const, productId: goods.productId }
      const ofGoods = (await officer.call(deskReviews, { query })).json.items
      expect(new Set(ofGoods.map(({ productId }) => productId))).toEqual(new Set([goods.productId]))
    })

    it('and so many of one shop wait for the union, no more', async () => {
      const { id: reviewId } = await written()
      const ids = await copied(OPEN_ASKS, { ask: 'open' })
      const ask = () =>
        m.host.call(askToHide, { params: { reviewId }, body: { reason: 'advert', words: '广告' } })
      expect(code(await ask())).toBe('asks_full')
      const params = { reviewId: ids[0]! }
      await officer.call(keepReview, { params, body: { words: '留着' } })
      expect(code(await ask())).toBe(200)
    })
  })
})
