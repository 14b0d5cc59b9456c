import { eq } from 'drizzle-orm'
import type { Product } from '../../shared/contracts/catalogue.ts'
import { HOLD_MS } from '../../shared/contracts/orders.ts'
import type { Village } from '../app.ts'
import type { StoryClock } from '../clock.ts'
import type { Show } from '../live/show.ts'
import type { Member } from '../members/member.ts'
import { reachedBy } from '../outcomes/outcome.ts'
import { newId } from '../store/id.ts'
import type { Tx } from '../store/store.ts'
import { LEARNERS, learnerId, learnerName, learnerPhone } from './learners.ts'
import { COURSES } from './lessons.ts'
import { PASTS, writeDown } from './looking-back.ts'
import { DEMO_BUYERS, DEMO_HOSTS } from './people.ts'
import { gatherTheUnion } from './union.ts'

/**
 * The school's past, as the demo village tells it: five classes with six hundred attendances, from which two dozen women
 * took their certificate and twenty went on air. Everything goes through the doors that people use, at its own time; only
 * what was on air long ago has no film, so those shows are written down as over.
 */
const DAY_MS = 86_400_000
const HOUR_MS = 3_600_000
const MINUTE_MS = 60_000
/** More than any of them has held. */
const SHOWS_HELD = 20
/** Who came to anything at all. */
const CAME = 200
const REHEARSED = 31
const CERTIFIED = 24
const FIRST_SHOWS = 20
/** So many are written down in one unit of work, which has its time like any other. */
const PARTY = 20
/** By what each class is shifted around the ring of those who came, so that all of them came to some. */
const SHIFT = 37

const CLASSES = [
  { daysAgo: 96, courseId: 'course-live', came: 128 },
  { daysAgo: 75, courseId: 'course-safety', came: 121 },
  { daysAgo: 54, courseId: 'course-video', came: 117 },
  { daysAgo: 33, courseId: 'course-dining', came: 119 },
  { daysAgo: 12, courseId: 'course-tourism', came: 115 }
] as const

/** How many public shows the four hosts have behind them, and what was paid at their shops, in orders of so many. */
const SELLERS = [
  { shows: 7, orders: 30, qty: 40 },
  { shows: 6, orders: 22, qty: 30 },
  { shows: 5, orders: 18, qty: 24 },
  { shows: 2, orders: 8, qty: 8 }
] as const

/** What was sold before that has long been sent, eaten and paid for. */
const OVER_DAYS = 9
const SENT_DAYS = 2

const range = (n: number) => Array.from({ length: n }, (_, i) => i)
const learner = (n: number): Member => ({ id: learnerId(n), name: learnerName(n), roles: ['buyer'] })

/** Who came to a class: those who go all the way to the certificate always, the others in turn. */
export function cameTo(classIndex: number): number[] {
  const ring = CAME - REHEARSED
  const others = CLASSES[classIndex]!.came - REHEARSED
  return range(CAME).filter((n) => n < REHEARSED || (n - REHEARSED + classIndex * SHIFT) % ring < others)
}

export async function tellTheHistory(
  village: Village,
  clock: StoryClock,
  { trainer, officer }: { trainer: Member; officer: Member }
) {
  const now = clock.now()
  const morning = (daysAgo: number) => nineInTheMorning(now - daysAgo * DAY_MS)

  await clock.at(morning(120), async () => {
    const women = range(LEARNERS).slice(DEMO_HOSTS.length)
    await village.store.tx((tx) =>
      village.members.enrolIn(
        tx,
        women.map((n) => ({ id: learnerId(n), name: learnerName(n), phone: learnerPhone(n), roles: [] }))
      )
    )
    await gatherTheUnion(village, officer)
  })
  for (const [i, each] of CLASSES.entries()) {
    await holdTheClass(village, clock, trainer, i, morning(each.daysAgo))
  }
  await clock.at(morning(70), () => passTheQuizzes(village))
  await clock.at(morning(60), () => rehearseAll(village, { trainer, officer }))
  await clock.at(morning(58), async () => {
    const memberIds = range(CERTIFIED).map(learnerId)
    for (const courseId of ['course-live', 'course-safety']) {
      const { notReady } = await village.school.certificates.issue(trainer, courseId, memberIds)
      if (notReady.length) throw new Error(`not ready for ${courseId}: ${notReady.join()}`)
    }
  })
  for (const n of range(FIRST_SHOWS)) await goOnAir(village, clock, n, morning)
}

/** A host's shows of the last two months, a few days apart; the first of them is her first show. */
async function goOnAir(village: Village, clock: StoryClock, n: number, morning: (daysAgo: number) => number) {
  const { shows, school } = village
  for (const i of range(SELLERS[n]?.shows ?? 1)) {
    const startsAt = morning(50 - (n % 9) - i * 5)
    await clock.at(startsAt, async () => {
      const host: Member = { ...learner(n), roles: ['buyer', 'host'] }
      const draft = { title: `${host.name}的直播`, cover: '', startsAt, productIds: [] }
      const { id } = await shows.schedule(host, draft, { demo: true })
      await wasOnAir(village, id, startsAt, (tx) =>
        school.outcomes.reachedIn(tx, host.id, 'first_show', startsAt, id)
      )
    })
  }
}

/** What the four hosts sold before today, paid at the demo cashier like everything here. Their shops must be open. */
export async function tellTheSales(village: Village, clock: StoryClock) {
  const now = clock.now()
  for (const [n, { orders, qty }] of SELLERS.entries()) {
    const hostId = learnerId(n)
    const products = await village.products.mine({ id: hostId, name: '', roles: ['host'] })
    const moments = await lookBack(village, n, products)
    for (const i of range(orders)) {
      const inShow = moments.paid[i]
      const at = inShow?.at ?? nineInTheMorning(now - (45 - i) * DAY_MS) + i * HOUR_MS
      const showId = inShow?.showId ?? ''
      await soldOne(village, products[i % products.length]!, { at, qty, i, showId })
    }
    for (const [i, { at, showId }] of moments.unpaid.entries()) {
      await soldOne(village, products[0]!, { at, qty, i, showId, paid: false })
    }
    const soldFen = await village.orders.soldFen(products[0]!.shop.id, true)
    const steps = reachedBy(
      { shows: await village.shows.heldBy(hostId), soldFen },
      await village.school.success()
    )
    await clock.at(now - (10 - n) * DAY_MS, () =>
      village.store.tx(async (tx) => {
        for (const step of steps)
          await village.school.outcomes.reachedIn(tx, hostId, step, clock.now(), hostId)
      })
    )
  }
}

/** When something was bought in the shows of a host: in her last one as it was written down, in the others twice. */
async function lookBack(village: Village, n: number, products: Product[]) {
  const { id: hostId, name } = DEMO_HOSTS[n]!
  const past = PASTS[n]
  const held = (await village.shows.over([hostId], SHOWS_HELD)).filter(({ kind }) => kind === 'public')
  const [last] = past ? held : []
  const earlier = past ? held.slice(1) : held
  const moment = (show: Show, minute: number) => ({
    at: show.openedAt! + minute * MINUTE_MS,
    showId: show.id
  })
  if (past && last) {
    const { id: showId, openedAt } = last
    const shopId = products[0]!.shop.id
    const show = { showId, hostId, shopId, openedAt: openedAt!, minutes: HOUR_MS / MINUTE_MS }
    await writeDown(village, show, name, products, past)
  }
  const { shows } = village.store.schema
  await village.store.tx(async (tx) => {
    for (const [i, { id }] of earlier.entries()) {
      await tx
        .update(shows)
        .set({ peakViewers: 7 + ((n + 2 * i) % 6) })
        .where(eq(shows.id, id))
    }
  })
  const bought = (minutes: readonly number[] = []) =>
    last ? minutes.map((minute) => moment(last, minute + 0.2)) : []
  return {
    paid: [...bought(past?.orders), ...earlier.flatMap((show) => [moment(show, 22), moment(show, 37)])],
    unpaid: bought(past?.unpaid)
  }
}

/** Somebody ordered the first of its sizes; `paid`: and paid in time. */
export async function soldOne(
  { store, clock, shop }: Village,
  product: Product,
  { at, qty, i, showId, paid = true }: { at: number; qty: number; i: number; showId: string; paid?: boolean }
) {
  const { orders, orderLines, orderChanges } = store.schema
  const spec = product.specs[0]!
  const buyer = DEMO_BUYERS[i % DEMO_BUYERS.length]!
  const id = newId(at)
  const goodsFen = spec.priceFen * qty
  const over = paid && at + OVER_DAYS * DAY_MS < clock.now()
  await store.tx(async (tx) => {
    await tx.insert(orders).values({
      id,
      memberId: buyer.id,
      buyer: `${buyer.name.slice(0, 1)}**`,
      key: `history-${id}`,
      billId: id,
      shopId: product.shop.id,
      showId,
      state: over ? 'done' : paid ? 'paid' : 'expired',
      goodsFen,
      discountFen: 0,
      freightFen: 0,
      payFen: goodsFen,
      couponId: '',
      couponNth: 0,
      deliverTo: { receiver: buyer.name, phone: buyer.phone, region: '山东 青岛', detail: '演示地址' },
      test: true,
      paymentId: '',
      createdAt: at,
      heldUntil: at + HOLD_MS,
      paidAt: paid ? at : null,
      ...(over && {
        packedAt: at,
        shippedAt: at,
        receivedAt: at + SENT_DAYS * DAY_MS,
        doneAt: at + OVER_DAYS * DAY_MS
      }),
      closedAt: paid ? null : at + HOLD_MS
    })
    await tx.insert(orderLines).values({
      orderId: id,
      specId: spec.id,
      productId: product.id,
      title: product.title,
      specName: spec.name,
      unit: spec.unit,
      photo: product.photos[0] ?? '',
      qty,
      priceFen: spec.priceFen,
      kind: product.kind,
      goodsClass: product.goodsClass,
      tempClass: product.tempClass,
      grams: spec.grams,
      perishable: product.perishable,
      perishableAgreedAt: product.perishable ? at : null
    })
    await tx.insert(orderChanges).values(
      paid
        ? { orderId: id, n: 1, state: 'paid', actorId: buyer.id, at, note: '演示付款成功，没有真的扣款' }
        : {
            orderId: id,
            n: 1,
            state: 'expired',
            actorId: '',
            at: at + HOLD_MS,
            note: '没有按时付款，订单已关闭'
          }
    )
    if (over) {
      const doneAt = at + OVER_DAYS * DAY_MS
      await tx
        .insert(orderChanges)
        .values({ orderId: id, n: 2, state: 'done', actorId: '', at: doneAt, note: '过了售后期' })
    }
    // Nobody else writes it: the ledger takes older orders in once, and some of these come later.
    if (paid) await shop.ledger.olderIn(tx, id)
  })
}

async function holdTheClass(
  { school, store }: Village,
  clock: StoryClock,
  trainer: Member,
  i: number,
  startsAt: number
) {
  const { courseId } = CLASSES[i]!
  const inParties = async (all: number[], work: (tx: Tx, party: number[]) => Promise<void>) => {
    for (let from = 0; from < all.length; from += PARTY) {
      await store.tx((tx) => work(tx, all.slice(from, from + PARTY)))
    }
  }
  const id = `class-past-${i + 1}`
  const came = cameTo(i)
  // Some book and don't come: the tide was good that day.
  const booked = [...came, ...range(LEARNERS).filter((n) => n >= CAME && (n + i) % 2 === 0)]
  await clock.at(startsAt - 14 * DAY_MS, () =>
    store.tx((tx) =>
      school.timetable.scheduleIn(
        tx,
        trainer.id,
        {
          courseId,
          title: COURSES.find((course) => course.id === courseId)!.title,
          about: '带上手机和一样自家的货。',
          trainerId: trainer.id,
          roomId: '',
          place: '红岛妇女微家 · 大教室',
          kitIds: [],
          startsAt,
          endsAt: startsAt + 2 * HOUR_MS,
          seats: 150,
          online: false
        },
        1,
        [id]
      )
    )
  )
  await clock.at(startsAt - 5 * DAY_MS, () =>
    inParties(booked, async (tx, party) => {
      for (const n of party) {
        const memberId = learnerId(n)
        const how = n % 9 === 0 ? 'officer' : 'herself'
        const byId = how === 'officer' ? trainer.id : memberId
        await school.bookings.bookIn(tx, { occasionId: id, memberId, how, byId })
      }
    })
  )
  await clock.at(startsAt + 10 * 60_000, () =>
    inParties(came, async (tx, party) => {
      for (const n of party) {
        const how = n % 7 === 0 ? 'paper' : n % 5 === 0 ? 'scan' : 'qr'
        const memberId = learnerId(n)
        const byId = how === 'qr' ? memberId : trainer.id
        await school.bookings.attendances.attendIn(tx, { occasionId: id, memberId, how, byId, walkIn: false })
      }
    })
  )
}

async function passTheQuizzes({ school }: Village) {
  for (const course of COURSES.slice(0, 2)) {
    for (const n of range(CERTIFIED)) {
      const { questions } = await school.quizzes.get(learner(n), course.id)
      const answers = questions.map(({ id, ask }) => ({
        questionId: id,
        option: course.questions.find((question) => question.ask === ask)!.right
      }))
      await school.quizzes.answer(learner(n), course.id, {
        key: `history-${course.topic}`.replace('_', '-'),
        answers
      })
    }
  }
}

/** Each rehearses once; two look at it, and not all of them pass. */
async function rehearseAll(village: Village, { trainer, officer }: { trainer: Member; officer: Member }) {
  const { school, clock } = village
  const { rubric } = COURSES[0]!
  for (const n of range(REHEARSED)) {
    const { show } = await school.practice.rehearse(learner(n), {
      courseId: 'course-live',
      title: `${learnerName(n)}的彩排`,
      productIds: []
    })
    await wasOnAir(village, show.id, clock.now(), async (tx) =>
      school.outcomes.reachedIn(tx, learnerId(n), 'rehearsed', clock.now(), show.id)
    )
    const share = n < CERTIFIED ? 0.8 : 0.4
    const scores = rubric.map(({ id, max }) => ({ criterionId: id, points: Math.round(max * share) }))
    const words = n < CERTIFIED ? '货讲得清楚，价钱说了两遍。' : '声音太小，再练一次就好。'
    for (const by of [trainer, officer]) {
      await school.practice.assess(by, show.id, { courseId: 'course-live', scores, words, evidence: [] })
    }
  }
}

/** A show of long ago: it was on air for an hour and nobody kept the film. */
async function wasOnAir({ store }: Village, showId: string, at: number, also: (tx: Tx) => Promise<void>) {
  const { shows } = store.schema
  await store.tx(async (tx) => {
    await tx
      .update(shows)
      .set({ state: 'ended', openedAt: at, endedAt: at + HOUR_MS })
      .where(eq(shows.id, showId))
    await also(tx)
  })
}

const nineInTheMorning = (at: number) => Math.floor((at + 8 * HOUR_MS) / DAY_MS) * DAY_MS + HOUR_MS
