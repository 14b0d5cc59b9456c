import { eq } from 'drizzle-orm'
import fc from 'fast-check'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { bookClass, bookFor } from '../../shared/contracts/classes.ts'
import { acceptCard, debriefSheet, getDebrief, listDebriefs } from '../../shared/contracts/debriefs.ts'
import { scheduleShow } from '../../shared/contracts/live.ts'
import { myNotices } from '../../shared/contracts/notices.ts'
import { cancelOrder, ORDER_STATES, payOrder } from '../../shared/contracts/orders.ts'
import { playSandbox } from '../../shared/contracts/payments.ts'
import { handInHomework, myHomework, teachHomework } from '../../shared/contracts/school.ts'
import { pairUp } from '../licences/testing.ts'
import { openTallies } from '../orders/tallies.ts'
import { openEngine } from '../store/open.ts'
import type { Store } from '../store/store.ts'
import { brought } from '../testing/bring.ts'
import { clip } from '../testing/clips.ts'
import { engines, type Engine } from '../testing/engines.ts'
import { CLAM_FEN, market, type Market } from '../testing/market.ts'
import { addClass, addCourse, AFTERNOON } from '../testing/schoolhouse.ts'
import type { SignedIn } from '../testing/village.ts'
import { asVillage, onAir } from './testing.ts'

const MINUTE = 60_000
const HOUR = 60 * MINUTE
const film = await clip(10)

describe.each(engines)('a show that is over, on $name', (engine) => {
  let m: Market
  let chen: SignedIn
  let wang: SignedIn
  beforeEach(async () => {
    m = await market(engine)
    chen = await m.signIn('老陈', 'trainer')
    wang = await m.signIn('王姐')
  })
  afterEach(() => m.close())

  const air = (title?: string) => onAir(m.village, m.clock, m.host, [m.clams.productId], title)
  const ask = (showId: string, who = m.host) => who.call(getDebrief, { params: { showId } })
  const debriefOf = async (showId: string, who = m.host) => (await ask(showId, who)).json
  const accept = (showId: string, who: SignedIn, words = ' 问到怎么煮，举牌子答 ') =>
    who.call(acceptCard, { params: { showId, rule: 'unanswered' }, body: { words } })

  /** Two people asked how to cook and nobody answered: one card, for the course about dining. */
  async function unanswered() {
    const show = await air()
    await show.pin(m.clams.productId)
    show.minute(5)
    await show.say(m.buyer, '煮多久')
    await show.say(wang, '怎么煮啊')
    show.minute(10)
    await show.end()
    return show
  }

  async function pay(orderId: string) {
    const { json } = await m.buyer.call(payOrder, { params: { orderId }, body: { method: 'sandbox' } })
    await m.buyer.call(playSandbox, { params: { paymentId: json.paymentId }, body: { outcome: 'paid' } })
  }

  it('is talked over with her, her mentor, trainers and officers, and is none for anybody else', async () => {
    const show = await unanswered()
    const mentor = await m.signIn('桂兰', 'host')
    const officer = await m.signIn('王主任', 'officer')
    const strangers = [m.buyer, await m.signIn('秀梅', 'host'), await m.signIn('小林', 'operator')]
    expect((await ask(show.showId, mentor)).json.code).toBe('no_such_show')
    await pairUp(asVillage(m.village), chen, mentor, m.host)
    for (const who of [m.host, mentor, chen, officer]) {
      expect((await ask(show.showId, who)).status, who.me.name).toBe(200)
      expect((await debriefOf(show.showId, who)).mayAccept, who.me.name).toBe(who !== m.host)
    }
    for (const who of strangers) {
      expect((await ask(show.showId, who)).json.code, who.me.name).toBe('no_such_show')
      expect((await who.call(debriefSheet, { params: { showId: show.showId } })).status).toBe(404)
      expect((await accept(show.showId, who)).json.code).toBe('no_such_show')
    }
  })

  it('has no debrief before it is over', async () => {
    const show = await air()
    expect((await ask(show.showId)).json.code).toBe('no_debrief_yet')
  })

  it('shows when she pinned, dropped a coupon and was asked, and what nobody answered in writing', async () => {
    const show = await air()
    await show.pin(m.clams.productId)
    show.minute(2)
    await m.village.coupons.drop(m.host.me, show.showId, {
      kind: 'plain',
      offFen: 500,
      thresholdFen: 3900,
      total: 10,
      perMember: 1,
      lifeMs: HOUR
    })
    show.minute(3)
    await show.say(m.buyer, '有沙吗？')
    await show.say(m.host, '吐好沙了', 'host')
    show.minute(6)
    await show.say(wang, '煮多久')
    show.minute(10)
    await show.end()
    const { marks, questions, minutes, spoke } = await debriefOf(show.showId)
    expect(marks.map(({ kind, atMs, text }) => [kind, atMs / MINUTE, text])).toEqual([
      ['pin', 0, '红岛蛤蜊'],
      ['coupon', 2, ''],
      ['question', 3, '有沙吗？'],
      ['question', 6, '煮多久']
    ])
    expect(questions.map(({ text, answer }) => [text, answer])).toEqual([
      ['煮多久', 'nothing'],
      ['有沙吗？', 'written']
    ])
    expect(minutes).toHaveLength(10)
    expect(minutes.map(({ lines }) => lines)).toEqual([0, 0, 0, 2, 0, 0, 1, 0, 0, 0])
    expect(spoke).toBe(2)
  })

  it('takes a line of the mentor who stands beside her for an answer', async () => {
    const mentor = await m.signIn('桂兰', 'host')
    const show = await air()
    const { shows } = m.village.store.schema
    await m.village.store.tx((tx) =>
      tx.update(shows).set({ mentorId: mentor.me.id }).where(eq(shows.id, show.showId))
    )
    show.minute(1)
    await show.say(m.buyer, '煮多久')
    await show.say(mentor, '水开了再煮三分钟')
    show.minute(3)
    await show.end()
    const { questions, spoke } = await debriefOf(show.showId)
    expect(questions.map(({ text, answer }) => [text, answer])).toEqual([['煮多久', 'written']])
    expect(spoke).toBe(1)
  })

  it('counts what the order table says, paid, refunded, let go and bought from the recording', async () => {
    const show = await air()
    const buy = async () => (await m.order({ showId: show.showId })).id
    show.minute(1)
    const [first, second] = [await buy(), await buy()]
    await pay(first)
    await pay(second)
    show.minute(4)
    const third = await buy()
    await m.buyer.call(cancelOrder, { params: { orderId: third } })
    show.minute(6)
    await show.end()
    show.minute(90)
    await pay(await buy())
    const { orders: table } = m.village.store.schema
    await m.village.store.tx((tx) => tx.update(table).set({ state: 'refunded' }).where(eq(table.id, second)))

    const debrief = await debriefOf(show.showId)
    expect(debrief).toMatchObject({ countsTest: true, apart: 0, afterwards: 1 })
    expect(debrief.orders).toEqual({
      ordered: 4,
      buyers: 1,
      paid: 2,
      paidFen: 2 * CLAM_FEN,
      refunded: 1,
      refundedFen: CLAM_FEN,
      unpaid: 1,
      unpaidFen: CLAM_FEN
    })
    expect(debrief.minutes.map(({ orders, paid, paidFen }) => [orders, paid, paidFen])).toEqual([
      [0, 0, 0],
      [2, 1, CLAM_FEN],
      [0, 0, 0],
      [0, 0, 0],
      [1, 0, 0],
      [0, 0, 0]
    ])
    expect(debrief.mine).toMatchObject({ ordered: 4, paid: 2, paidFen: 2 * CLAM_FEN, minutes: 6 })

    const { text, headers } = await m.host.call(debriefSheet, { params: { showId: show.showId } })
    expect(headers['content-type']).toBe('text/csv; charset=utf-8')
    const rows = text
      .replace(/^\uFEFF/, '')
      .split('\r\n')
      .map((row) => row.split(','))
    const sums = (column: number) => rows.slice(2, -4).reduce((all, row) => all + Number(row[column] ?? 0), 0)
    const total = rows.find(([name]) => name === '合计')!
    expect(text.startsWith('\uFEFF')).toBe(true)
    expect([total[4], total[5], total[6]]).toEqual(['4', '2', '79.80'])
    expect([sums(4), sums(5), sums(6).toFixed(2)]).toEqual([4, 2, '79.80'])
    expect(rows.at(-2)).toEqual(['退款', '1', '金额（元）', '39.90'])
  })

  it('says nothing of who bought or asked, and a title is no formula in the office', async () => {
    const show = await air('=HYPERLINK("http://x"), 头一潮')
    await show.say(m.buyer, '=煮多久')
    await m.order({ showId: show.showId })
    show.minute(3)
    await show.end()
    const { text } = await ask(show.showId)
    const sheet = (await m.host.call(debriefSheet, { params: { showId: show.showId } })).text
    for (const answer of [text, sheet]) {
      for (const secret of [m.buyer.me.id, m.buyer.phone, '李梅', '13900000001'])
        expect(answer).not.toContain(secret)
    }
    expect(sheet).toContain(`"'=HYPERLINK(""http://x""), 头一潮"`)
    expect(sheet).toContain(`'=煮多久`)
  })

  it('is compared with her own last five of its kind, and with nobody else’s', async () => {
    const other = await m.signIn('秀梅', 'host')
    await m.shopOf(other, '秀梅渔家宴')
    const crab = await m.goods(other, { title: '梭子蟹', stock: 5 })
    const theirs = await onAir(m.village, m.clock, other, [crab.productId])
    const held: string[] = []
    for (let i = 0; i < 7; i++) {
      const show = await air(`第${i + 1}场`)
      if (i === 4) await pay((await m.order({ showId: show.showId })).id)
      show.minute(i + 1)
      await show.end()
      held.unshift(show.showId)
      m.clock.pass(HOUR)
    }
    await m.village.shows.end(other.me, theirs.showId)
    const { before } = await debriefOf(held[0]!)
    expect(before.map(({ showId }) => showId)).toEqual(held.slice(1, 6))
    expect(before.map(({ minutes, paid }) => [minutes, paid])).toEqual([
      [6, 0],
      [5, 1],
      [4, 0],
      [3, 0],
      [2, 0]
    ])
    expect((await debriefOf(held.at(-1)!)).before).toEqual([])
  })

  it('is listed for her, and for who looks after her', async () => {
    const show = await unanswered()
    const coming = await m.host.call(scheduleShow, {
      body: { title: '明天', cover: '', startsAt: m.clock.now() + HOUR, productIds: [] }
    })
    expect(coming.status).toBe(200)
    const mentor = await m.signIn('桂兰', 'host')
    const listed = async (who: SignedIn, list: 'mine' | 'others') =>
      (await who.call(listDebriefs, { query: { list } })).json.items.map(({ showId }) => showId)
    expect(await listed(m.host, 'mine')).toEqual([show.showId])
    expect(await listed(m.host, 'others')).toEqual([])
    expect(await listed(mentor, 'others')).toEqual([])
    await pairUp(asVillage(m.village), chen, mentor, m.host)
    expect(await listed(mentor, 'others')).toEqual([show.showId])
    expect(await listed(chen, 'others')).toEqual([show.showId])
    expect(await listed(chen, 'mine')).toEqual([])
    const query = { list: 'others' as const, after: show.showId }
    expect((await chen.call(listDebriefs, { query })).json.items).toEqual([])
  })

  describe('whose card a trainer accepts', () => {
    let courseId: string
    beforeEach(async () => {
      courseId = await addCourse(chen, { title: '海鲜+餐饮', topic: 'dining' })
    })
    const notices = async () => (await m.host.call(myNotices)).json.items.map(({ kind }) => kind)
    const tasks = async () => (await m.host.call(myHomework)).json.tasks

    it('becomes her homework with the ten seconds that show why, a seat in the next class, and word of both', async () => {
      const { id } = await addClass(chen, courseId)
      const show = await air()
      const { filmSegments } = m.village.store.schema
      const segments = Array.from({ length: 300 }, (_, msn) => ({
        sessionId: show.sessionId,
        rendition: 'main',
        msn,
        filmedAt: show.openedAt + msn * 2_000,
        durationMs: 2_000,
        init: 0,
        discontinuity: false,
        bytes: 1,
        sha256: ''
      }))
      await m.village.store.tx((tx) => tx.insert(filmSegments).values(segments))
      show.minute(5)
      await show.say(m.buyer, '煮多久')
      await show.say(wang, '怎么煮啊')
      show.minute(10)
      await show.end()
      const { cards, playlist, filmMs } = await debriefOf(show.showId, chen)
      expect(filmMs).toBe(10 * MINUTE)
      expect(playlist).toContain(show.sessionId)
      expect(cards.find(({ rule }) => rule === 'unanswered')).toMatchObject({
        courseId,
        fromMs: 5 * MINUTE - 3_000,
        toMs: 5 * MINUTE + 7_000
      })
      const { status, json } = await accept(show.showId, chen)
      expect([status, json.accepted]).toMatchObject([
        200,
        { words: '问到怎么煮，举牌子答', byName: '老陈', courseId, seat: 'booked', class: { id } }
      ])
      expect(await tasks()).toMatchObject([
        {
          id: json.accepted.taskId,
          courseId,
          courseTitle: '海鲜+餐饮',
          words: '问到怎么煮，举牌子答',
          showId: show.showId,
          fromMs: 5 * MINUTE - 3_000,
          toMs: 5 * MINUTE + 7_000,
          byName: '老陈',
          homeworkId: ''
        }
      ])
      expect(await notices()).toEqual(expect.arrayContaining(['homework_set', 'class_booked_for_you']))
      const shown = (await debriefOf(show.showId)).cards.find(({ rule }) => rule === 'unanswered')
      expect(shown?.accepted).toEqual(json.accepted)
    })

    it('is accepted once: again it is the same homework with the first words', async () => {
      const { showId } = await unanswered()
      const first = (await accept(showId, chen)).json.accepted
      const again = await accept(showId, await m.signIn('王主任', 'officer'), '别的话')
      expect(again.json.accepted).toEqual(first)
      expect(await tasks()).toHaveLength(1)
      expect((await notices()).filter((kind) => kind === 'homework_set')).toHaveLength(1)
    })

    it('is not for her to accept, nor one that was not drawn', async () => {
      const { showId } = await unanswered()
      expect((await accept(showId, m.host)).json.code).toBe('trainer_decides')
      const params = { showId, rule: 'unpaid' as const }
      expect((await chen.call(acceptCard, { params, body: { words: '催一催' } })).json.code).toBe(
        'no_such_card'
      )
      expect((await accept(showId, chen, '   ')).json.code).toBe('bad_input')
      expect(await tasks()).toEqual([])
    })

    it('is homework only where there is no class, and says so', async () => {
      const { showId } = await unanswered()
      expect((await accept(showId, chen)).json.accepted).toMatchObject({ seat: 'none' })
      expect(await tasks()).toHaveLength(1)
    })

    it('puts her in line where the class is full, and keeps the seat that she has', async () => {
      const { id } = await addClass(chen, courseId, { seats: 1 })
      const params = { classId: id }
      await wang.call(bookClass, { params })
      const { showId } = await unanswered()
      expect((await accept(showId, chen)).json.accepted).toMatchObject({ seat: 'waiting', class: { id } })
      const next = await unanswered()
      expect((await accept(next.showId, chen)).json.accepted).toMatchObject({
        seat: 'waiting',
        class: { id }
      })
      await addClass(chen, courseId, { startsAt: AFTERNOON + 3 * HOUR, endsAt: AFTERNOON + 4 * HOUR })
      const third = await unanswered()
      expect((await accept(third.showId, chen)).json.accepted).toMatchObject({
        seat: 'waiting',
        class: { id }
      })
    })

    it('takes a later class with a seat before an earlier line', async () => {
      const full = await addClass(chen, courseId, { seats: 1 })
      await wang.call(bookClass, { params: { classId: full.id } })
      const later = await addClass(chen, courseId, {
        startsAt: AFTERNOON + 3 * HOUR,
        endsAt: AFTERNOON + 4 * HOUR
      })
      const { showId } = await unanswered()
      expect((await accept(showId, chen)).json.accepted).toMatchObject({
        seat: 'booked',
        class: { id: later.id }
      })
    })

    it('books no class that is in the way of another class or of a show of hers', async () => {
      const teacher = await m.signIn('周老师', 'trainer')
      await addClass(chen, courseId)
      const elsewhere = await addClass(teacher, await addCourse(teacher, { topic: 'tourism' }), {
        startsAt: AFTERNOON + HOUR,
        endsAt: AFTERNOON + 3 * HOUR
      })
      const params = { classId: elsewhere.id }
      await chen.call(bookFor, { params, body: { memberId: m.host.me.id, how: 'officer' } })
      const { showId } = await unanswered()
      expect((await accept(showId, chen)).json.accepted).toMatchObject({ seat: 'clash' })
      expect(await tasks()).toHaveLength(1)

      const next = await unanswered()
      const body = { title: '晚潮', cover: '', startsAt: AFTERNOON + 4 * HOUR, productIds: [] }
      await m.host.call(scheduleShow, { body })
      await addClass(chen, courseId, {
        startsAt: AFTERNOON + 4 * HOUR,
        endsAt: AFTERNOON + 5 * HOUR
      })
      expect((await accept(next.showId, chen)).json.accepted).toMatchObject({ seat: 'clash' })
    })

    it('books none that she has passed', async () => {
      await addClass(chen, courseId)
      const { certificates } = m.village.store.schema
      await m.village.store.tx((tx) =>
        tx.insert(certificates).values({
          code: 'dining',
          courseId,
          memberId: m.host.me.id,
          courseTitle: '海鲜+餐饮',
          name: '王秀兰',
          issuedAt: m.clock.now(),
          validUntil: 0,
          issuedBy: '',
          revokedAt: 0,
          revokedBy: '',
          reason: ''
        })
      )
      const { showId } = await unanswered()
      expect((await accept(showId, chen)).json.accepted).toMatchObject({ seat: 'passed' })
    })

    it('is answered with a clip, which its trainers see beside what they asked', async () => {
      const { showId } = await unanswered()
      const { taskId } = (await accept(showId, chen)).json.accepted
      const clipId = (await brought(m.village, m.host, 'homework', film)).id
      const hand = (who: SignedIn, id = taskId) =>
        who.call(handInHomework, { body: { courseId, clipId, words: '', taskId: id } })
      expect((await hand(m.host, 'nobody')).json.code).toBe('bad_input')
      const { homework } = (await hand(m.host)).json
      expect(homework.task).toMatchObject({
        id: taskId,
        homeworkId: homework.id,
        words: '问到怎么煮，举牌子答'
      })
      expect((await tasks())[0]).toMatchObject({ id: taskId, homeworkId: homework.id })
      expect((await chen.call(teachHomework)).json.items[0]?.task).toMatchObject({ id: taskId })
      const hers = (await brought(m.village, wang, 'homework', film)).id
      const stolen = { courseId, clipId: hers, words: '', taskId }
      expect((await wang.call(handInHomework, { body: stolen })).json.code).toBe('bad_input')
    })
  })
})

describe.each(engines)('the orders of a show, counted on $name', (engine) => {
  let place: Awaited<ReturnType<Engine['make']>>
  let store: Store
  beforeAll(async () => {
    place = await engine.make()
    store = await openEngine(place)
  })
  afterAll(async () => {
    await store.close()
    await place.drop()
  })

  const FROM = Date.UTC(2026, 10, 22)
  const MINUTES = 5
  const order = fc.record({
    state: fc.constantFrom(...ORDER_STATES),
    test: fc.boolean(),
    payFen: fc.integer({ min: 0, max: 100_000_000 }),
    givenBack: fc.integer({ min: 0, max: 100 }),
    member: fc.integer({ min: 0, max: 3 }),
    after: fc.integer({ min: -2 * MINUTE, max: (MINUTES + 2) * MINUTE })
  })

  it('are those of the table, whatever became of them', { timeout: 60_000 }, async () => {
    let shows = 0
    const tallies = openTallies({ store })
    await fc.assert(
      fc.asyncProperty(fc.array(order, { maxLength: 30 }), fc.boolean(), async (drawn, test) => {
        const showId = `show-${++shows}`
        const rows = drawn.map(({ state, payFen, givenBack, member, after, ...more }, i) => ({
          ...more,
          id: `${showId}-${i}`,
          memberId: `m${member}`,
          buyer: '',
          key: `${showId}-${i}`,
          shopId: '',
          showId,
          state,
          goodsFen: payFen,
          discountFen: 0,
          freightFen: 0,
          payFen,
          refundedFen: ['pending', 'expired', 'cancelled'].includes(state)
            ? 0
            : Math.floor((payFen * givenBack) / 100),
          couponId: '',
          couponNth: 0,
          deliverTo: { receiver: '', phone: '', region: '', detail: '' },
          paymentId: '',
          createdAt: FROM + after,
          heldUntil: FROM,
          paidAt: null,
          closedAt: null
        }))
        const { orders } = store.schema
        if (rows.length) await store.tx((tx) => tx.insert(orders).values(rows))

        const mine = rows.filter((row) => row.test === test)
        const sum = (some: typeof rows, of: (row: (typeof rows)[number]) => number) =>
          some.reduce((all, row) => all + of(row), 0)
        const isUnpaid = (row: (typeof rows)[number]) =>
          ['pending', 'expired', 'cancelled'].includes(row.state)
        const isPaid = (row: (typeof rows)[number]) => !isUnpaid(row) && row.state !== 'refunded'
        const paid = mine.filter(isPaid)
        const refunded = mine.filter(({ state }) => state === 'refunded')
        const expected = {
          ordered: mine.length,
          buyers: new Set(mine.map(({ memberId }) => memberId)).size,
          paid: paid.length,
          paidFen: sum(paid, (row) => row.payFen - row.refundedFen),
          refunded: refunded.length,
          refundedFen: sum(refunded, (row) => row.payFen) + sum(paid, (row) => row.refundedFen),
          unpaid: mine.filter(isUnpaid).length,
          unpaidFen: sum(mine.filter(isUnpaid), (row) => row.payFen),
          apart: rows.length - mine.length
        }
        const tally = (await tallies.ofShows([showId], test)).get(showId)
        expect(tally).toEqual(rows.length ? expected : undefined)

        const minutes = await tallies.byMinute(showId, { from: FROM, minutes: MINUTES }, test)
        for (let minute = -1; minute <= MINUTES; minute++) {
          const within = mine.filter(({ createdAt }) => {
            const of = Math.floor((createdAt - FROM) / MINUTE)
            return minute < 0 ? of < 0 : minute === MINUTES ? of >= MINUTES : of === minute
          })
          const counted = minutes.find((each) => each.minute === minute)
          expect(counted?.ordered ?? 0).toBe(within.length)
          expect(counted?.paidFen ?? 0).toBe(
            sum(within.filter(isPaid), (row) => row.payFen - row.refundedFen)
          )
          expect(counted?.unpaid ?? 0).toBe(within.filter(isUnpaid).length)
        }
      }),
      { numRuns: 40 }
    )
  })
})
